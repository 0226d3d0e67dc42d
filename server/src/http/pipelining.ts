/** Bounds how many requests of one connection are under way: whoever sends on without reading is cut off. */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const UNANSWERED_MAX = 64;

export function boundPipelining(app: FastifyInstance): void {
  const unanswered = new WeakMap<Socket, number>();
  const count = (socket: Socket, change: number): number => {
    const now = (unanswered.get(socket) ?? 0) + change;
    unanswered.set(socket, now);
    return now;
  };
  app.addHook('onRequest', ({ raw: { socket } }, _reply, done) => {
    if (count(socket, 1) <= UNANSWERED_MAX) return done();
    socket.destroy();
  });
  app.addHook('onResponse', ({ raw: { socket } }, _reply, done) => {
    count(socket, -1);
    done();
  });
}
