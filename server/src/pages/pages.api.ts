/** Routes for people: the shop, the back office, the API reference, and what each problem code means. */
import { readFileSync } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Language, languageOf } from '../http/language.ts';
import { sendProblem } from '../http/problem.ts';
import type { App } from '../http/server.ts';
import { ProblemError } from '../kernel/errors.ts';
import { type Document, makeDocument, sendDocument } from './document.ts';
import { prefersJson } from './negotiation.ts';
import { describeProblem, renderProblem, renderProblems } from './problems.ts';
import { createReferenceScript, renderReference } from './reference.ts';
import { renderAdmin, renderShop, renderUnbuilt, type ShopSettings } from './shop.ts';
import { openWeb, registerAssets, type Web } from './web.ts';

const route = { config: { access: 'public' as const }, schema: { hide: true } };
/** Nothing but what this server serves; no inline scripts, no frames around the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];
const STYLES = "style-src 'self'";
/** Scalar writes style elements and attributes, most of them without a nonce. */
const STYLES_OF_SCALAR = "style-src 'unsafe-inline'";

/** Registers the pages, and the files that they load from `/pages/` and `/assets/`. */
export async function registerPages(app: App, settings: ShopSettings, web = openWeb()): Promise<void> {
  registerFiles(app);
  registerReference(app);
  registerProblems(app);
  app.get('/', route, (_request, reply) => reply.redirect('/shop', 302));
  if (web !== null) await registerAssets(app, web.assets);
  else app.log.warn('the pages of the shop have not been built: `npm run build` does it');
  registerParts(app, settings, web);
}

/** Every address under `/shop` gets the same frame, and so under `/admin`: which page it is, the script in it knows. */
function registerParts(app: App, settings: ShopSettings, web: Web | null): void {
  const parts = [
    { root: '/shop', render: renderShop, part: web?.shop },
    { root: '/admin', render: renderAdmin, part: web?.admin },
  ];
  for (const { root, render, part } of parts) {
    for (const path of [root, `${root}/*`]) {
      app.get(path, route, (request, reply) => {
        const language = chosenLanguage(request) ?? languageFor(request);
        void reply.header('vary', 'accept-language, cookie');
        if (part === undefined) return sendPage(request, reply.code(503), renderUnbuilt(language), { language });
        return sendPage(request, reply, render(part, language, settings), { language });
      });
    }
  }
}

const SCRIPT = 'text/javascript; charset=utf-8';
const FILES = [
  ['reference.js', SCRIPT],
  ['pages.css', 'text/css; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

function registerFiles(app: App): void {
  for (const [name, type] of FILES) {
    const document = makeDocument(type, readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8'));
    app.get(`/pages/${name}`, route, (request, reply) => sendDocument(request, reply, document));
  }
}

function registerReference(app: App): void {
  const referenceScript = createReferenceScript();
  let description: Document | null = null;
  app.get('/openapi.json', route, (request, reply) => {
    description ??= makeDocument('application/json; charset=utf-8', JSON.stringify(app.swagger()));
    return sendDocument(request, reply, description);
  });
  app.get('/docs', route, (request, reply) =>
    sendPage(request, reply, renderReference(languageFor(request)), { styles: STYLES_OF_SCALAR }),
  );
  app.get('/docs/scalar.js', route, async (request, reply) => sendDocument(request, reply, await referenceScript()));
}

function registerProblems(app: App): void {
  app.get('/problems', route, (request, reply) => {
    void reply.header('vary', 'accept, accept-language');
    const codes = Object.keys(app.problems).toSorted();
    if (prefersJson(request.headers.accept)) return reply.send({ items: codes.map((code) => describeProblem(app.problems, code)) });
    return sendPage(request, reply, renderProblems(app.problems, codes, languageFor(request)));
  });

  const params = Type.Object({ code: Type.String() });
  app.get('/problems/:code', { ...route, schema: { ...route.schema, params } }, (request, reply) => {
    void reply.header('vary', 'accept, accept-language');
    const { code } = request.params;
    if (!Object.hasOwn(app.problems, code)) return sendProblem(request, reply, new ProblemError('ROUTE_NOT_FOUND'));
    if (prefersJson(request.headers.accept)) return reply.send(describeProblem(app.problems, code));
    return sendPage(request, reply, renderProblem(app.problems, code, languageFor(request)));
  });
}

function languageFor(request: FastifyRequest) {
  return languageOf(request.headers['accept-language']);
}

/** What the visitor has chosen in the shop or the back office, which write it down; null where nothing is. */
function chosenLanguage({ headers }: FastifyRequest): Language | null {
  const chosen = /(?:^|; )openrun\.language=(en|ko)(?:;|$)/.exec(headers.cookie ?? '')?.[1];
  return chosen === 'en' || chosen === 'ko' ? chosen : null;
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: string,
  { styles = STYLES, language = languageFor(request) }: { readonly styles?: string; readonly language?: Language } = {},
): FastifyReply {
  return reply
    .header('content-security-policy', [...POLICY, styles].join('; '))
    .header('content-language', language)
    .header('cache-control', 'no-cache')
    .header('vary', reply.getHeader('vary') ?? 'accept-language')
    .type('text/html; charset=utf-8')
    .send(page);
}
