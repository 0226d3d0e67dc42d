/** Holds the server's migrations against the rules of `docs/migrations.md`: `npm run migrations:check`. */
import { readdirSync, readFileSync } from 'node:fs';
import { lint } from './migrations/lint.ts';
import { RELEASED } from './migrations/released.ts';

const DIRECTORY = new URL('../server/migrations/', import.meta.url);

const sources = readdirSync(DIRECTORY)
  .toSorted()
  .map((file) => ({ file, text: readFileSync(new URL(file, DIRECTORY), 'utf8') }));
const problems = await lint(sources, RELEASED);
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${sources.length} migrations keep the rules, ${RELEASED.length} of them released`);
else process.exitCode = 1;
