/** The sink that logs (외부 전송 - 로깅): every event becomes a line of the server's log. */
import type { Logger } from 'pino';
import type { Sink } from '../delivery.types.ts';

export function createLogSink(logger: Logger): Sink {
  return {
    destination: 'log',
    send: async ({ eventId, type, payload }) => {
      logger.info({ event: { id: eventId, type, data: payload } }, 'event delivered');
    },
  };
}
