/** The built pages of `web/`: their frames, which this server completes, and the files that they load from `/assets/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { Type } from 'typebox';
import type { Language } from '../http/language.ts';
import { sendProblem } from '../http/problem.ts';
import type { App } from '../http/server.ts';
import { assert, present } from '../kernel/assert.ts';
import { ProblemError } from '../kernel/errors.ts';

/** Where `npm run build` lays them. */
const WEB_DIST = new URL('../../../web/dist/', import.meta.url);
const COMPRESSED = /\.(br|gz)$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** A part of the house: its frame, and the files that hold its words, which its script would ask for in a second round. */
export interface Part {
  readonly frame: string;
  readonly words: Readonly<Record<Language, readonly string[]>>;
}

/** What was built. */
export interface Web {
  readonly shop: Part;
  readonly admin: Part;
  readonly assets: { readonly directory: string; readonly names: ReadonlySet<string> };
}

/** Reads what was built; null where nothing was. */
export function openWeb(dist = WEB_DIST): Web | null {
  const shop = new URL('shop.html', dist);
  const directory = fileURLToPath(new URL('assets/', dist));
  const admin = new URL('admin.html', dist);
  const manifest = new URL('.vite/manifest.json', dist);
  if (![shop, admin, manifest].every((file) => existsSync(file)) || !existsSync(directory)) return null;
  const names = readdirSync(directory).filter((name) => !COMPRESSED.test(name));
  const files = readManifest(readFileSync(manifest, 'utf8'));
  return {
    shop: { frame: readFileSync(shop, 'utf8'), words: wordsIn(files, ['src/i18n']) },
    admin: { frame: readFileSync(admin, 'utf8'), words: wordsIn(files, ['src/i18n', 'src/admin/i18n']) },
    assets: { directory, names: new Set(names) },
  };
}

/** Which file was made of which source. */
function readManifest(json: string): ReadonlyMap<string, string> {
  const manifest: unknown = JSON.parse(json);
  assert(typeof manifest === 'object' && manifest !== null, 'the manifest of the build is an object');
  return new Map(
    Object.entries(manifest).flatMap(([source, chunk]: [string, unknown]) =>
      typeof chunk === 'object' && chunk !== null && 'file' in chunk ? [[source, String(chunk.file)]] : [],
    ),
  );
}

function wordsIn(files: ReadonlyMap<string, string>, folders: readonly string[]): Part['words'] {
  const of = (language: Language): string[] =>
    folders.map((folder) => `/${present(files.get(`${folder}/${language}.json`), `the words in ${folder}`)}`);
  return { en: of('en'), ko: of('ko') };
}

/** Serves the files. Their names change with their content, so that browsers keep them for ever. */
export async function registerAssets(app: App, { directory, names }: Web['assets']): Promise<void> {
  await app.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, cacheControl: false });
  const params = Type.Object({ '*': Type.String() });
  app.get('/assets/*', { config: { access: 'public' }, schema: { hide: true, params } }, (request, reply) => {
    const name = request.params['*'];
    // Only what was there at the start is a file; everything else is no route, whatever its name tries to reach.
    if (!names.has(name)) return sendProblem(request, reply, new ProblemError('ROUTE_NOT_FOUND'));
    return reply.header('cache-control', FOR_EVER).header('vary', 'accept-encoding').sendFile(name);
  });
}
