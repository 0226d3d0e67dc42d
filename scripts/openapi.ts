/**
 * Keeps `docs/openapi.json` equal to the document that the server generates from its routes:
 * `npm run openapi` writes it, `npm run openapi:check` fails where the two differ.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = 'docs/openapi.json';
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Says where two texts part, in lines of both. */
function firstDifference(written: string, generated: string): string {
  const before = written.split('\n');
  const after = generated.split('\n');
  const at = after.findIndex((line, index) => line !== before[index]);
  const index = at === -1 ? after.length : at;
  return `line ${index + 1}\n  ${DOCUMENT}: ${before[index] ?? '(ends)'}\n  the routes:        ${after[index] ?? '(end)'}`;
}

const file = `${ROOT}/${DOCUMENT}`;
const generated = execFileSync(process.execPath, ['server/scripts/openapi.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: MAX_DOCUMENT_BYTES,
  stdio: ['ignore', 'pipe', 'inherit'],
});

if (!process.argv.includes('--check')) {
  writeFileSync(file, generated);
  console.log(`${DOCUMENT} written`);
} else {
  const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (written === generated) {
    console.log(`${DOCUMENT} is what the routes say`);
  } else {
    console.error(
      `${DOCUMENT} is not what the routes say; \`npm run openapi\` writes it anew. First difference: ${firstDifference(written, generated)}`,
    );
    process.exitCode = 1;
  }
}
