/** The shop's client: the only place that talks to the server. */
import { createClient } from '@openrun/client';
import { currentLanguage } from '../i18n/language.ts';
import { learnServerTime } from './server-clock.ts';

/** Nobody looks at a page that waits for longer than this. */
const RETRY_AFTER_MS_MAX = 5000;

/** Cookies go along by themselves, since pages and API have one origin. */
export const api = createClient({
  baseUrl: location.origin,
  language: currentLanguage,
  patience: { retryAfterMsMax: RETRY_AFTER_MS_MAX },
  onAnswer: ({ request, response, sentAtMs }) => {
    if (request.cache === 'no-store') learnServerTime(response, sentAtMs, Date.now());
  },
});
