/** The typed client, generated from `docs/openapi.json`: the only place that talks to the server. */
import createClient, { type Middleware } from 'openapi-fetch';
import { currentLanguage } from '../i18n/language.ts';
import type { paths } from './schema.gen.ts';
import { learnServerTime } from './server-clock.ts';

const ANSWER_WITHIN_MS = 15_000;
/** What is recomputed or read through as a whole takes its time. */
const PATIENT = new Set(['/audit', '/products/import']);
const PATIENCE_MS = 600_000;
const sentAt = new WeakMap<Request, number>();

const speakAndListen: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept-language', currentLanguage());
    const patience = PATIENT.has(new URL(request.url).pathname) ? PATIENCE_MS : ANSWER_WITHIN_MS;
    const timed = new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]) });
    sentAt.set(timed, Date.now());
    return timed;
  },
  onResponse({ request, response }) {
    const sent = sentAt.get(request);
    if (sent !== undefined && request.cache === 'no-store') learnServerTime(response, sent, Date.now());
    return undefined;
  },
};

/** Cookies go along by themselves, since pages and API have one origin. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' });
api.use(speakAndListen);
