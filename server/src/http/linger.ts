/** A server that ends keeps its idle connections for a moment: a request that is on its way already would find nobody. */
import type { Server } from 'node:http';

/**
 * Has the server close idle connections only after `lingerMs`, when it is told to close. Until then each is answered once more, and told
 * that this was the last answer.
 */
export function keepIdleConnections(server: Server, lingerMs: number): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    setTimeout(closeIdle, lingerMs).unref();
  };
}
