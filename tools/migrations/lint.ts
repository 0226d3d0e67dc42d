/** Holds all migrations against the rules, in their order: `offencesOf` says what is forbidden, this what is excused. */
import { createHash } from 'node:crypto';
import { type Migration, readMigration } from './migration.ts';
import type { Released } from './released.ts';
import { type History, offencesOf, RULES, type Rule } from './rules.ts';

/** A file of migrations. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

const isRule = (name: string): name is Rule => Object.hasOwn(RULES, name);

/** What is wrong, a line each; nothing where all is well. */
export async function lint(sources: readonly Source[], released: readonly Released[]): Promise<string[]> {
  const history: History = { neverNull: new Set(), promised: new Map() };
  const problems: string[] = [];
  for (const { file, text } of sources) {
    const migration = await readMigration(file, text).catch((error: unknown) => String(error));
    if (typeof migration === 'string') problems.push(`${file}: PostgreSQL does not understand it: ${migration}`);
    else problems.push(...problemsOf(migration, released.find((each) => each.file === file) ?? null, history));
  }
  const files = new Set(sources.map(({ file }) => file));
  return [...problems, ...released.filter(({ file }) => !files.has(file)).map(({ file }) => `${file} is released and is gone`)];
}

function problemsOf(migration: Migration, released: Released | null, history: History): string[] {
  const offences = offencesOf(migration, history);
  if (released !== null) return problemsOfReleased(migration, released, new Set(offences.map(({ rule }) => rule)));
  const { file, statements, steps, malformedExceptions } = migration;
  const excused = (line: number, rule: Rule): boolean => statements.some((each) => each.line === line && each.exceptions.includes(rule));
  const problems = offences
    .filter(({ line, rule }) => !excused(line, rule))
    .map(({ line, rule }) => `${file}:${line}: ${rule}: ${RULES[rule]}`);
  for (const { line, exceptions } of statements) {
    const needless = exceptions.filter(
      (name) => !isRule(name) || !offences.some((offence) => offence.line === line && offence.rule === name),
    );
    for (const name of needless) problems.push(`${file}:${line}: the exception of ${name} is for nothing`);
  }
  if (malformedExceptions > 0) problems.push(`${file}: an exception is written \`-- lint: <rule> because <reason>\`, above its statement`);
  if (steps !== null && steps !== statements.length) {
    problems.push(`${file}: without transaction each statement ends with a semicolon at the end of its line, and none has one elsewhere`);
  }
  return problems;
}

function problemsOfReleased({ file, text }: Migration, released: Released, offends: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  if (createHash('sha256').update(text).digest('hex') !== released.sha256) {
    problems.push(`${file} is released and stays as it is: write another migration`);
  }
  const listed = [...offends].toSorted().join(', ');
  if (listed !== released.offends.toSorted().join(', ')) problems.push(`${file} breaks these rules and not those listed: ${listed}`);
  return problems;
}
