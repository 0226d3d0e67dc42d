/**
 * What a migration says of itself to whoever runs it: a file of SQL, all of it one transaction, unless it has the line `-- openrun: no transaction`. Then
 * each of its statements, which end with a semicolon at the end of a line, runs alone, because it would be refused in a transaction.
 */

const NO_TRANSACTION = /^-- openrun: no transaction$/m;
const CONTRACT = /^-- openrun: contract$/m;
const COMMENT = /^\s*--.*$/gm;

export interface MigrationFile {
  readonly inTransaction: boolean;
  /** Whether it takes away what older versions of the program use. */
  readonly isContract: boolean;
  /** What is sent at once. */
  readonly steps: readonly string[];
}

export function parseMigration(text: string): MigrationFile {
  const inTransaction = !NO_TRANSACTION.test(text);
  return { inTransaction, isContract: CONTRACT.test(text), steps: inTransaction ? [text] : statementsOf(text) };
}

function statementsOf(text: string): string[] {
  const statements = text.replaceAll(COMMENT, '').split(/;[ \t]*$/m);
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
