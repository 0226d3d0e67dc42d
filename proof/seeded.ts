/**
 * `npm run prove:seeded`: breaks the product on purpose, one defect after the other, and expects the test or proof that is named for it to
 * see it. So it is the tests that are tried here.
 *
 * A defect is a patch in `seeded/`, which is applied to a copy of the tree, never to the tree itself.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { type Defect, defectsIn, rotated, seededTable } from './report/defects.ts';

const ROOT = join(import.meta.dirname, '..');
const PATCHES = join(import.meta.dirname, 'seeded');
const DOCUMENT = join(ROOT, 'docs/proof.md');
const PLACE = /(<!-- defects -->\n)[\s\S]*(\n<!-- end of defects -->)/;
/** What is not in the repository and is needed to run it; linked, for it is large and nobody changes it. */
const LINKED = [
  'node_modules',
  ...['server', 'client', 'web', 'bench', 'proof', 'tools'].map((name) => `${name}/node_modules`),
  'web/dist',
];
const TIMEOUT_MS = 300_000;

function git(cwd: string, ...words: string[]): { readonly isDone: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('git', words, { cwd, encoding: 'utf8' });
  return { isDone: status === 0, output: `${stdout}${stderr}` };
}

/** A copy of the tree as it is, with what is not committed yet. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'openrun-seeded-'));
  const files = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').output.split('\0');
  const present = files.filter((file) => file !== '' && existsSync(join(ROOT, file)));
  for (const file of present) cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  for (const path of LINKED) if (existsSync(join(ROOT, path))) symlinkSync(join(ROOT, path), join(copy, path));
  return copy;
}

/** What the test or proof says of the copy: `red`, `green`, or that it did not run. */
function verdictOn(copy: string, { caughtBy, test }: Defect): string {
  const report = join(copy, 'seeded-report.json');
  rmSync(report, { force: true });
  const isProof = caughtBy.startsWith('proof/');
  const name = basename(caughtBy, '.proof.ts');
  const folder = basename(join(caughtBy, '..'));
  const command = isProof
    ? [join(copy, 'proof/prove.ts'), `${folder}/${name}`, '--short', '--seed', '1']
    : [
        join(ROOT, 'node_modules/vitest/vitest.mjs'),
        'run',
        caughtBy,
        ...(test === null ? [] : ['-t', test]),
        '--reporter=json',
        `--outputFile=${report}`,
      ];
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: copy, encoding: 'utf8', timeout: TIMEOUT_MS });
  // A test that could not even be loaded says nothing of the defect.
  const hasRun = isProof ? /^(BROKEN|kept) /m.test(stdout) : testsRunIn(report) > 0;
  if (!hasRun) return 'did not run';
  return status === 0 ? 'green' : 'red';
}

/** How many tests passed or failed; those that a pattern leaves out count as pending. */
function testsRunIn(report: string): number {
  if (!existsSync(report)) return 0;
  const parsed: unknown = JSON.parse(readFileSync(report, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('numPassedTests' in parsed) || !('numFailedTests' in parsed)) return 0;
  return Number(parsed.numPassedTests) + Number(parsed.numFailedTests);
}

/** Tries the defects; gives those that nobody saw. */
function tryAll(defects: readonly Defect[]): Defect[] {
  const copy = copyTree();
  try {
    return defects.filter((defect) => {
      const patch = join(PATCHES, `${defect.name}.patch`);
      const startedAt = performance.now();
      const applied = git(copy, 'apply', patch);
      const verdict = applied.isDone ? verdictOn(copy, defect) : `does not apply: ${applied.output.trim()}`;
      if (applied.isDone) git(copy, 'apply', '--reverse', patch);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(`${verdict === 'red' ? 'seen  ' : 'UNSEEN'} ${defect.name}: ${defect.caughtBy}, ${verdict} (${seconds} s)`);
      return verdict !== 'red';
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Whether every patch fits the tree, and the document lists them as they are. */
function check(defects: readonly Defect[]): boolean {
  const misfits = defects.filter(({ name }) => !git(ROOT, 'apply', '--check', join(PATCHES, `${name}.patch`)).isDone);
  for (const { name } of misfits) console.log(`${name} does not apply`);
  const missing = defects.filter(({ caughtBy }) => !existsSync(join(ROOT, caughtBy)));
  for (const { name, caughtBy } of missing) console.log(`${name} names ${caughtBy}, which does not exist`);
  const document = readFileSync(DOCUMENT, 'utf8');
  const isListed = unaligned(listed(document, defects)) === unaligned(document);
  if (!isListed) console.log(`${DOCUMENT} lists other defects; npm run prove:seeded -- --list writes it`);
  return misfits.length + missing.length === 0 && isListed;
}

function listed(document: string, defects: readonly Defect[]): string {
  if (!PLACE.test(document)) throw new Error(`${DOCUMENT} has no place for the defects`);
  return document.replace(PLACE, (_all, before: string, after: string) => `${before}\n${seededTable(defects)}\n${after}`);
}

/** The formatter aligns the columns of tables. */
function unaligned(document: string): string {
  return document.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');
}

/** The newest commit, so that every change tries others. */
const turn = (): string => git(ROOT, 'rev-parse', 'HEAD').output.trim();

function run(names: readonly string[], given: { readonly rotate?: string; readonly check?: boolean; readonly list?: boolean }): boolean {
  const files = readdirSync(PATCHES).filter((file) => file.endsWith('.patch'));
  const all = defectsIn(files.map((file) => ({ name: basename(file, '.patch'), text: readFileSync(join(PATCHES, file), 'utf8') })));
  if (given.check === true) return check(all);
  if (given.list === true) {
    writeFileSync(DOCUMENT, listed(readFileSync(DOCUMENT, 'utf8'), all));
    return true;
  }
  const unknown = names.filter((name) => !all.some((defect) => defect.name === name));
  if (unknown.length > 0) throw new Error(`there is no defect ${unknown.join(', ')}`);
  const named = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const chosen = given.rotate === undefined ? named : rotated(named, Number(given.rotate), turn());
  const unseen = tryAll(chosen);
  console.log(`\n${chosen.length - unseen.length} of ${chosen.length} defects seen`);
  return unseen.length === 0 && chosen.length > 0;
}

const program = new Command('prove:seeded')
  .argument('[names...]', 'the defects to try; by default all')
  .option('--rotate <n>', 'so many of them, which the newest commit chooses')
  .option('--check', 'only whether every patch applies and docs/proof.md lists it')
  .option('--list', 'only writes the list into docs/proof.md')
  .action((names: string[], given: { rotate?: string; check?: boolean; list?: boolean }) => {
    process.exitCode = run(names, given) ? 0 : 1;
  });
await program.parseAsync();
