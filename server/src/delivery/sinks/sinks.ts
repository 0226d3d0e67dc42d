/** Makes the sink of a destination. */
import type { Logger } from 'pino';
import { assert } from '../../kernel/assert.ts';
import type { Destination } from '../destination.types.ts';
import { createLogSink } from './log.sink.ts';
import { createNatsSink } from './nats.sink.ts';
import { createResolver } from './resolver.ts';
import type { Sink } from './sink.ts';
import { createWebhookSink } from './webhook.sink.ts';

/** @param allowPrivate whether destinations made by staff may be hosts of private networks; those of the settings always may. */
export function sinkMaker(options: {
  readonly logger: Logger;
  readonly allowPrivate: boolean;
  readonly clockOffsetMs: () => number;
}): (destination: Destination) => Sink {
  const { logger, allowPrivate, clockOffsetMs } = options;
  const resolver = createResolver();
  return (destination) => {
    const { kind, url, secret, origin } = destination;
    if (kind === 'log') return createLogSink(logger);
    assert(url !== null, 'a destination but the log has a URL');
    const reach = { resolver, mayBePrivate: allowPrivate || origin === 'environment' };
    if (kind === 'nats') return createNatsSink(url, reach);
    assert(secret !== null, 'a webhook has a secret');
    return createWebhookSink({ ...destination, url, secret }, reach, clockOffsetMs);
  };
}
