/** Builds the pages: one entry a part of the house, so that the shop loads nothing of the others. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import compileMessage from 'icu-minify/compile';
import { defineConfig, type Plugin } from 'vite';

const LANGUAGE_FILE = /\/src\/(admin\/)?i18n\/(en|ko)\.json$/;
/** The packages that the first page of either part cannot do without. */
const EVERY_PAGE =
  /\/node_modules\/(react|react-dom|scheduler|use-sync-external-store|use-intl|openapi-fetch|@tanstack\/[a-z-]+|@formatjs\/[a-z-]+)\/|\/client\/src\//;
const API = [
  '/audit',
  '/auth',
  '/balance',
  '/coupons',
  '/customers',
  '/dashboard',
  '/deliveries',
  '/destinations',
  '/exports',
  '/me',
  '/options',
  '/orders',
  '/pages',
  '/payments',
  '/products',
  '/rankings',
  '/staff-actions',
];

/** Compiles the messages while building, so that no parser for them is loaded. */
function compiledMessages(): Plugin {
  return {
    name: 'compiled-messages',
    enforce: 'pre',
    transform(code, id) {
      return LANGUAGE_FILE.test(id) ? { code: JSON.stringify(compileAll(JSON.parse(code))), map: null } : null;
    },
  };
}

function compileAll(messages: unknown): unknown {
  if (typeof messages === 'string') return compileMessage(messages);
  if (typeof messages !== 'object' || messages === null) throw new Error('messages are texts, and groups of them');
  return Object.fromEntries(Object.entries(messages).map(([name, inner]: [string, unknown]) => [name, compileAll(inner)]));
}

/** While developing, every address of a part gets its frame, as the server does it. */
function framesOfPages(): Plugin {
  return {
    name: 'frames-of-pages',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        const part = /^\/(shop|admin)(?:\/|\?|$)/.exec(request.url ?? '')?.[1];
        if (part !== undefined) request.url = `/${part}.html`;
        next();
      });
    },
  };
}

export default defineConfig({
  plugins: [compiledMessages(), framesOfPages(), react(), tailwindcss()],
  resolve: { alias: { 'use-intl/format-message': 'use-intl/format-message/format-only' } },
  build: {
    manifest: true,
    // The policy of the pages allows no data: in style sheets and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { shop: 'shop.html', admin: 'admin.html' },
      // What every page stands on is one file: in pieces it compresses worse, and each piece is a request of its own.
      output: { codeSplitting: { groups: [{ name: 'base', test: EVERY_PAGE, tags: ['$initial'] }] } },
    },
  },
  server: { proxy: Object.fromEntries(API.map((path) => [path, 'http://localhost:3000'])) },
});
