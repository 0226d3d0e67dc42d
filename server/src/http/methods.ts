/** Which routes there are: the methods that a path takes, for 405 and its `Allow` header, and the operation that a request asks for. */
import type { FastifyInstance } from 'fastify';

interface KnownRoute {
  /** As it was registered, such as `/orders/:orderId`. */
  readonly url: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

declare module 'fastify' {
  interface FastifyInstance {
    knownRoutes: KnownRoute[];
  }
}

/** Remembers every route that is registered after this call. */
export function collectRoutes(app: FastifyInstance): void {
  app.decorate('knownRoutes', []);
  app.addHook('onRoute', ({ url, method }) => {
    app.knownRoutes.push({ url, pattern: patternOf(url), methods: [method].flat() });
  });
}

/** The methods of all routes that match the path of `url`; none where there is no such path. */
export function allowedMethods(app: FastifyInstance, url: string): string[] {
  const path = url.split('?')[0] ?? '/';
  const methods = app.knownRoutes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
  return [...new Set(methods)].toSorted();
}

/** The route that serves the method on the path, as in `POST /orders/:orderId/cancel`; undefined where none does. */
export function operationOf(app: FastifyInstance, method: string, path: string): string | undefined {
  const route = app.knownRoutes.find(({ methods, pattern }) => methods.includes(method) && pattern.test(path));
  return route === undefined ? undefined : `${method} ${route.url}`;
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
