/** Connections that are not read for a while, so that what they send waits on the way and its sender with it (TCP's own flow control). */
import type { Socket } from 'node:net';

export interface Unread {
  add(socket: Socket): void;
  /** Reads so many of them again, those first that have waited longest. */
  readOn(connections: number): void;
  isEmpty(): boolean;
}

export function createUnread(): Unread {
  const sockets = new Set<Socket>();
  return {
    add: (socket) => {
      sockets.add(socket);
      // Later in this turn, because Node reads on at the end of each request.
      setImmediate(() => socket.pause());
    },
    readOn: (connections) => {
      for (const socket of [...sockets].slice(0, connections)) {
        sockets.delete(socket);
        socket.resume();
      }
    },
    isEmpty: () => sockets.size === 0,
  };
}
