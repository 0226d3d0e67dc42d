/** The built pages of `web/`: their frames, which this server completes, and the files that they load from `/assets/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { Type } from 'typebox';
import { sendProblem } from '../http/problem.ts';
import type { App } from '../http/server.ts';
import { ProblemError } from '../kernel/errors.ts';

/** Where `npm run build` lays them. */
const WEB_DIST = new URL('../../../web/dist/', import.meta.url);
const COMPRESSED = /\.(br|gz)$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What was built. */
export interface Web {
  /** The frame of the shop. */
  readonly shop: string;
  /** The frame of the back office. */
  readonly admin: string;
  readonly assets: { readonly directory: string; readonly names: ReadonlySet<string> };
}

/** Reads what was built; null where nothing was. */
export function openWeb(dist = WEB_DIST): Web | null {
  const shop = new URL('shop.html', dist);
  const directory = fileURLToPath(new URL('assets/', dist));
  const admin = new URL('admin.html', dist);
  if (!existsSync(shop) || !existsSync(admin) || !existsSync(directory)) return null;
  const names = readdirSync(directory).filter((name) => !COMPRESSED.test(name));
  return { shop: readFileSync(shop, 'utf8'), admin: readFileSync(admin, 'utf8'), assets: { directory, names: new Set(names) } };
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
