/** `@openrun/client` as it is published: a package that every resolver finds its way in, and whose README is true to the letter. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, expect, test } from 'vitest';
import { packClient } from '../../../scripts/pack.ts';
import { useShop } from '../support/document.ts';
import { option } from '../support/goods.ts';

/** The server of the tests is in this process, and must not wait for what speaks to it. */
const execute = promisify(execFile);

const ROOT = join(import.meta.dirname, '../../..');
/** Inside the repository, so that the package finds its dependencies as if they were installed beside it. */
const PLACE = join(ROOT, 'dist/readme');
const INSTALLED = join(PLACE, 'node_modules/@openrun/client');
const STOCK = 3;
/** Compilers take their time on a busy machine. */
const COMPILED_WITHIN_MS = 240_000;
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
/** What the README leaves to its reader. */
const READERS_OWN = `
const secrets = ['whsec_…'];
const ship = async (...order: unknown[]): Promise<void> => void order;
const apply = ship;
const inTransaction = async (work: (tx: { query: (sql: string, values: unknown[]) => Promise<{ rowCount: number }> }) => Promise<void>): Promise<void> =>
  work({ query: async () => ({ rowCount: 1 }) });
const rawBody = '';
const request = new Request('https://receiver.example');
`;

const shop = useShop();
let tarball = '';

beforeAll(async () => {
  tarball = packClient();
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(INSTALLED, { recursive: true });
  await execute('tar', ['-xzf', tarball, '--strip-components=1', '-C', INSTALLED]);
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['es2022'], types: ['node'], strict: true, noEmit: true };
  writeFileSync(join(PLACE, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(PLACE, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
});

/** The TypeScript of a part of the README. */
function examplesOf(part: string): string[] {
  return [...part.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** The README before and after its receivers begin. */
function readme(): { calls: string[]; receivers: string[] } {
  const [calls = '', receivers = ''] = readFileSync(join(INSTALLED, 'README.md'), 'utf8').split('## Receive webhooks');
  return { calls: examplesOf(calls), receivers: examplesOf(receivers) };
}

/** Compiles a program as its reader would, against the package; then runs it, and gives what it prints. */
async function run(name: string, program: string): Promise<string> {
  writeFileSync(join(PLACE, `${name}.ts`), program);
  await execute('npx', ['tsc', '-p', PLACE], { cwd: ROOT });
  const { stdout } = await execute(process.execPath, [join(PLACE, `${name}.ts`)], { timeout: 60_000 });
  return stdout;
}

test('publint and the resolvers of types find nothing wrong with the package', async () => {
  const data = readFileSync(tarball);
  const { messages } = await publint({ pkgDir: INSTALLED, pack: false });
  expect(messages).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(data));
  if (analysis.types === false) throw new Error('the package has types');
  // It has no CommonJS, and is none for resolvers that are older than `exports`.
  const modern = analysis.problems.filter((found) => !('resolutionKind' in found) || /esm|bundler/.test(found.resolutionKind));
  expect(modern).toEqual([]);
  expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(['.', './receiver']));
});

test('the main entry imports nothing that a browser does not have', () => {
  const reached = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, specifier = ''] of readFileSync(join(INSTALLED, 'dist', file), 'utf8').matchAll(/from '([^']+)'/g)) {
      if (specifier.startsWith('./')) follow(specifier.slice(2));
      else packages.add(specifier);
    }
  };
  follow('client.js');
  expect(reached.size).toBeGreaterThan(3);
  expect([...packages]).toEqual(['openapi-fetch']);
});

test('what the README says of calls compiles, and does what it says', { timeout: COMPILED_WITHIN_MS }, async () => {
  await option(shop(), { price: 400, stock: STOCK });
  const { token } = await shop().customer();
  const program = readme()
    .calls.join('\n')
    .replaceAll('https://shop.example', shop().baseUrl)
    .replaceAll('eyJ…', token ?? '');
  const lines = (await run('calls', program)).trimEnd().split('\n');
  expect(lines.slice(0, 4)).toEqual(['paid 400', `only ${STOCK - 1} left`, '0 left', 'charged once']);
  expect(lines.slice(4)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}: 400$/)]);
});

test('what the README says of receivers compiles, and runs', { timeout: COMPILED_WITHIN_MS }, async () => {
  const { receivers } = readme();
  expect(receivers).toHaveLength(3);
  for (const [index, example] of receivers.entries()) {
    const needs = example.includes('import') ? '' : "import { createReceiver } from '@openrun/client/receiver';\n";
    const program = `${needs}${READERS_OWN}${example.replace('.listen(4000)', '.listen(0).unref()')}`;
    expect(await run(`receiver-${index}`, program.replaceAll('whsec_…', WEBHOOK_SECRET))).toBe(index === 2 ? 'missing-header\n' : '');
  }
});
