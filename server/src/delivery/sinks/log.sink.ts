/** The sink that logs (외부 전송 - 로깅): every event becomes a line of the server's log. */
import type { Logger } from 'pino';
import type { Sink } from './sink.ts';

const CONCURRENCY = 500;

export function createLogSink(logger: Logger): Sink {
  return {
    concurrency: CONCURRENCY,
    send: async ({ body }) => {
      const event: unknown = JSON.parse(body);
      logger.info({ event }, 'event delivered');
      return { outcome: 'delivered', statusCode: null, answer: null };
    },
    close: async () => undefined,
  };
}
