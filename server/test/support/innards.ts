/** What of the server's inside no answer may show. */
import { expect } from 'vitest';

/** Stack traces, files, SQL, and what PostgreSQL and the system say of themselves. */
const INNARDS =
  /\n\s+at |node_modules|node:internal|\.ts:\d|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.*\b(FROM|SET|VALUES|WHERE)\b|\b(relation|column|constraint) \\?"|ECONN\w+|ENOENT|pg_\w+|postgres:\/\//;

/** Expects that an answer, as text, tells nothing of how the server is made. */
export function expectNoInnards(text: string, what: string): void {
  expect(INNARDS.exec(text)?.[0], what).toBeUndefined();
}
