/**
 * Takes Scalar's script out of its Fastify plugin, which embeds it, and hands it over with its compressed form.
 * In a thread of its own, because loading the plugin takes a core for a good while and 40 MB that are of no use afterwards.
 */
import { parentPort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import scalar from '@scalar/fastify-api-reference';
import fastify from 'fastify';
import { assert, present } from '../kernel/assert.ts';

const app = fastify();
await app.register(scalar, { routePrefix: '/docs', configuration: { content: {} } });
const { statusCode, rawPayload } = await app.inject('/docs/js/scalar.js');
assert(statusCode === 200, 'the plugin serves its script');
await app.close();
const plain = new Uint8Array(rawPayload);
const gzip = new Uint8Array(gzipSync(rawPayload));
present(parentPort, 'the thread that wants the script').postMessage([plain, gzip], [plain.buffer, gzip.buffer]);
