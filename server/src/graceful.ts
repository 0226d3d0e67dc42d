/**
 * Ends the process gracefully on a signal or a fatal error.
 *
 * A signal to the process group reaches the server twice when npm runs it, once from the sender and once forwarded
 * by npm. So a second signal is only taken for impatience when it comes a while after the first; that is why no
 * library does this here (see `docs/adr/0004-signals.md`).
 */
import type { Logger } from 'pino';

const GRACE_MS = 18_000;
const IMPATIENCE_MS = 1000;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Installs the handlers; `stop` is called once. Gives a function that ends the process as an error would. */
export function endGracefully(logger: Logger, stop: () => Promise<void>): (reason: unknown) => void {
  let startedAt: number | null = null;

  const end = (exitCode: number): void => {
    startedAt = performance.now();
    setTimeout(() => {
      logger.fatal('stopping took too long');
      process.exit(1);
    }, GRACE_MS).unref();
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    if (startedAt === null) {
      logger.info({ signal }, 'stopping');
      end(0);
    } else if (performance.now() - startedAt > IMPATIENCE_MS) {
      logger.warn({ signal }, 'stopping at once');
      process.exit(1);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const fail = (reason: unknown): void => {
    logger.fatal({ err: reason }, 'stopping after an error');
    if (startedAt === null) end(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return fail;
}
