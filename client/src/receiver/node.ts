/** The same receiver behind `node:http`, and behind what is built on it. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/**
 * A listener for `http.createServer`, or for a route of Express, that hands requests to a receiver. Which path they came to is for the caller to look at;
 * nothing may have read the body before, as middleware that parses JSON does.
 */
export function toNodeListener(receive: (request: Request) => Promise<Response>): RequestListener {
  return (incoming, outgoing) => {
    answer(receive, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function answer(
  receive: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await receive(requestOf(incoming));
  const text = await response.text();
  outgoing.statusCode = response.status;
  outgoing.setHeaders(response.headers);
  // What was not read of the body is in the way of the next request.
  if (!incoming.complete) outgoing.setHeader('connection', 'close');
  outgoing.end(text);
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET' } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request('http://localhost/', { method, headers, ...(hasBody ? { body: bodyOf(incoming), duplex: 'half' } : {}) });
}

/** The body, part by part. Who cancels it only reads no further: a request that is destroyed would take the connection of its answer with it. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const parts: AsyncIterator<unknown> = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const part: IteratorResult<unknown, unknown> = await parts.next();
      if (part.done === true) controller.close();
      else if (part.value instanceof Uint8Array) controller.enqueue(part.value);
    },
  });
}
