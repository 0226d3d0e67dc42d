/** Fails a build whose first load of the shop is too much script: the entry, what it imports, the heavier language. */
import { existsSync, readFileSync } from 'node:fs';

/** Browsers take brotli from https and from their own machine; others take gzip, which is larger. */
const LIMITS_BYTES = { br: 120 * 1024, gz: 127 * 1024 } as const;
const DIST = new URL('../dist/', import.meta.url);
const ENTRY = 'shop.html';
const LANGUAGES = ['src/i18n/en.json', 'src/i18n/ko.json'];

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

function isManifest(value: unknown): value is Readonly<Record<string, Chunk>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((chunk: unknown) => typeof chunk === 'object' && chunk !== null && 'file' in chunk)
  );
}

const manifest: unknown = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));
if (!isManifest(manifest)) throw new Error('the build has no manifest');
const chunks = manifest;

/** The files of a chunk and of everything that it imports at once. */
function filesOf(name: string, found: Set<string>): Set<string> {
  const chunk = chunks[name];
  if (chunk === undefined) throw new Error(`the build has no ${name}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

/** The bytes of the files as they are sent in one coding. */
function bytesOf(files: Iterable<string>, ending: string): number {
  return [...files].reduce((sum, file) => {
    const compressed = new URL(`${file}${ending}`, DIST);
    return sum + readFileSync(existsSync(compressed) ? compressed : new URL(file, DIST)).length;
  }, 0);
}

function firstLoad(ending: string): number {
  return Math.max(...LANGUAGES.map((language) => bytesOf(filesOf(language, filesOf(ENTRY, new Set())), ending)));
}

for (const [coding, limit] of Object.entries(LIMITS_BYTES)) {
  const bytes = firstLoad(`.${coding}`);
  console.log(`first load of the shop: ${(bytes / 1024).toFixed(1)} KiB of script as ${coding}, at most ${limit / 1024}`);
  if (bytes > limit) {
    console.error('that is too much');
    process.exitCode = 1;
  }
}
