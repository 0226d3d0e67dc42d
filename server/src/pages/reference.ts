/** The API reference: Scalar on the OpenAPI document, from this server alone. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Language } from '../http/language.ts';
import { assert } from '../kernel/assert.ts';
import { type Document, documentOf } from './document.ts';
import { html, renderPage } from './html.ts';

const LOAD_WITHIN_MS = 60_000;

/** Gives Scalar's script; it is loaded once, when it is first asked for, and anew where that failed. */
export function createReferenceScript(): () => Promise<Document> {
  let script: Promise<Document> | null = null;
  return () => {
    script ??= load().catch((error: unknown) => {
      script = null;
      throw error;
    });
    return script;
  };
}

async function load(): Promise<Document> {
  const worker = new Worker(new URL('./reference.worker.ts', import.meta.url));
  try {
    const messages: unknown[] = await once(worker, 'message', { signal: AbortSignal.timeout(LOAD_WITHIN_MS) });
    const forms: unknown[] = messages.flat();
    const [plain, gzip] = forms;
    assert(plain instanceof Uint8Array && gzip instanceof Uint8Array, 'the worker sends the script in both forms');
    return documentOf('text/javascript; charset=utf-8', Buffer.from(plain), Buffer.from(gzip));
  } finally {
    await worker.terminate();
  }
}

/** The reference's page. It must be sent with a policy that lets Scalar style it from its script. */
export function renderReference(language: Language): string {
  return renderPage({
    language,
    title: 'Openrun API',
    head: html`<script src="/docs/scalar.js" defer></script>
    <script src="/pages/reference.js" defer></script>`,
    body: html`<div id="reference"></div>`,
  });
}
