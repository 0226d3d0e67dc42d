/** Bounds how many requests of one connection are under way: whoever sends on without reading is cut off. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const UNANSWERED_MAX = 64;

export interface Pipelines {
  /**
   * Counts a request of the connection; gives whether it may go on, and ends the connection where not.
   *
   * @param onOver is called once, when the response is over or its connection is. A response that waits behind others of a connection
   * that ends never says so itself.
   */
  add(socket: Socket, response: ServerResponse, onOver: () => void): boolean;
}

type Ending = () => void;

export function createPipelines(): Pipelines {
  const unanswered = new WeakMap<Socket, Set<Ending>>();

  const begin = (socket: Socket): Set<Ending> => {
    const endings = new Set<Ending>();
    unanswered.set(socket, endings);
    socket.once('close', () => {
      for (const end of endings) end();
    });
    return endings;
  };

  return {
    add: (socket, response, onOver) => {
      const endings = unanswered.get(socket) ?? begin(socket);
      if (endings.size >= UNANSWERED_MAX) {
        socket.destroy();
        return false;
      }
      const end = (): void => {
        if (endings.delete(end)) onOver();
      };
      endings.add(end);
      response.once('close', end);
      return true;
    },
  };
}
