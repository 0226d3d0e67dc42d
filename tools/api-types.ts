/**
 * Keeps the wire types of the client equal to `docs/openapi.json`: `npm run api-types` writes them,
 * `npm run api-types:check` fails where the two differ.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
const TYPES = new URL('../client/src/schema.gen.ts', import.meta.url);
const NAME = 'client/src/schema.gen.ts';
const HEADER = '/** Generated from `docs/openapi.json` by `npm run api-types`. */\n';

const generated = HEADER + astToString(await openapiTS(DOCUMENT));
if (!process.argv.includes('--check')) {
  writeFileSync(TYPES, generated);
  console.log(`${NAME} written`);
} else if (existsSync(TYPES) && readFileSync(TYPES, 'utf8') === generated) {
  console.log(`${NAME} is what docs/openapi.json says`);
} else {
  console.error(`${NAME} is not what docs/openapi.json says; \`npm run api-types\` writes it anew`);
  process.exitCode = 1;
}
