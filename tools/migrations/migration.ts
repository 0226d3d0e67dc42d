/** A migration, parsed by PostgreSQL's own parser, with what its comments say to the linter. */
import { type Node, parse } from 'libpg-query';
import { parseMigration } from '../../server/src/database/migration-file.ts';

/** `-- lint: <rule> because <reason>`, in the comment above a statement. */
const EXCEPTION = /^[ \t]*-- lint: (\S+) because (\S.{9,})$/gm;
const LEADING = /^(?:\s|--.*\n)*/;
const LOOKS_LIKE_EXCEPTION = /^[ \t]*--\s*lint\b/gim;

interface Statement {
  readonly node: Node;
  readonly line: number;
  /** The rules that it may break. */
  readonly exceptions: readonly string[];
}

export interface Migration {
  readonly file: string;
  readonly text: string;
  readonly inTransaction: boolean;
  readonly isContract: boolean;
  readonly statements: readonly Statement[];
  /** How many statements whoever runs it finds; null where it is sent as a whole. */
  readonly steps: number | null;
  /** How many comments look like an exception and are none. */
  readonly malformedExceptions: number;
}

/** @throws where PostgreSQL would not understand it. */
export async function readMigration(file: string, text: string): Promise<Migration> {
  const { inTransaction, isContract, steps } = parseMigration(text);
  const bytes = Buffer.from(text);
  let end = 0;
  const statements = ((await parse(text)).stmts ?? []).flatMap(({ stmt, stmt_location: start = 0, stmt_len: length = 0 }) => {
    if (stmt === undefined) return [];
    // What is between two statements is the comment of the second.
    const comment = `${bytes.toString('utf8', end, start)}${LEADING.exec(bytes.toString('utf8', start))?.[0] ?? ''}`;
    const line = `${bytes.toString('utf8', 0, end)}${comment}`.split('\n').length;
    end = length === 0 ? bytes.length : start + length;
    return [{ node: stmt, line, exceptions: [...comment.matchAll(EXCEPTION)].flatMap(([, rule]) => rule ?? []) }];
  });
  const found = [...text.matchAll(EXCEPTION)].length;
  const malformedExceptions = [...text.matchAll(LOOKS_LIKE_EXCEPTION)].length - found;
  return { file, text, inTransaction, isContract, statements, steps: inTransaction ? null : steps.length, malformedExceptions };
}
