import { describe, expect, test, vi } from 'vitest';
import { createMemoryStore, createReceiver, type OpenrunEvent, type ReceiverOptions } from '../src/receiver/receiver.ts';
import { OTHER_SECRET, PAID, SECRET, signedBy } from './support/samples.ts';

const BODY = JSON.stringify(PAID);

function requestOf(
  body: string | ReadableStream<Uint8Array>,
  headers: Record<string, string> = signedBy([SECRET], PAID.id, BODY),
): Request {
  return new Request('http://receiver/', { method: 'POST', body, headers, duplex: 'half' });
}

/** The same event with another id, signed. */
function another(number: number): Request {
  const id = `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const body = JSON.stringify({ ...PAID, id });
  return requestOf(body, signedBy([SECRET], id, body));
}

/** A receiver, with what it was told and what went wrong. */
function open(options: Partial<ReceiverOptions> = {}) {
  const events: OpenrunEvent[] = [];
  const errors: unknown[] = [];
  const receive = createReceiver({
    secrets: SECRET,
    onEvent: (event) => void events.push(event),
    onError: (error) => void errors.push(error),
    ...options,
  });
  const answer = async (request: Request): Promise<string> => {
    const response = await receive(request);
    return `${response.status} ${await response.text()}`;
  };
  return { events, errors, receive, answer };
}

test('an event is told once, however often it comes', async () => {
  const { events, answer } = open();
  expect(await answer(requestOf(BODY))).toBe('200 taken');
  expect(await answer(requestOf(BODY))).toBe('200 duplicate');
  expect(await answer(requestOf(BODY, signedBy([SECRET], PAID.id, BODY, 200)))).toBe('200 duplicate');
  expect(events).toEqual([PAID]);
});

test('without a store every arrival is told', async () => {
  const { events, answer } = open({ store: null });
  for (let times = 0; times < 2; times += 1) expect(await answer(requestOf(BODY))).toBe('200 taken');
  expect(events).toEqual([PAID, PAID]);
});

describe('an event whose handling fails', () => {
  test('is not taken, and comes again', async () => {
    let isBroken = true;
    const { errors, answer } = open({
      onEvent: async () => {
        if (isBroken) throw new Error('the secret of the database');
      },
    });
    for (let times = 0; times < 2; times += 1) expect(await answer(requestOf(BODY))).toBe('500 failed');
    isBroken = false;
    expect(await answer(requestOf(BODY))).toBe('200 taken');
    expect(await answer(requestOf(BODY))).toBe('200 duplicate');
    expect(errors).toHaveLength(2);
  });

  test('is told with what the store threw, and its own error is not lost', async () => {
    const first = new Error('the handler');
    const second = new Error('the store');
    const { errors, answer } = open({
      store: { add: async () => true, remove: () => Promise.reject(second) },
      onEvent: () => Promise.reject(first),
    });
    expect(await answer(requestOf(BODY))).toBe('500 failed');
    expect(errors).toEqual([second, first]);
  });

  test('is not begun where the store fails', async () => {
    const away = new Error('the store is away');
    const { errors, events, answer } = open({ store: { add: () => Promise.reject(away), remove: async () => undefined } });
    expect(await answer(requestOf(BODY))).toBe('500 failed');
    expect(errors).toEqual([away]);
    expect(events).toEqual([]);
  });
});

describe('while an event is under way', () => {
  test.each([createMemoryStore(), null])('it is not taken a second time, for the first may still fail (%#)', async (store) => {
    const under = Promise.withResolvers<void>();
    const { receive, answer } = open({ store, onEvent: () => under.promise });
    const first = answer(requestOf(BODY));
    const again = await receive(requestOf(BODY));
    expect(again.status).toBe(409);
    expect(again.headers.get('retry-after')).toBe('1');
    under.reject(new Error('failed late'));
    expect(await first).toBe('500 failed');
    expect(await answer(requestOf(BODY))).toBe('500 failed');
  });

  test('others are handled beside it, up to a limit', async () => {
    const under = Promise.withResolvers<void>();
    const { answer } = open({ onEvent: () => under.promise, underWayMax: 2 });
    const begun = [answer(another(1)), answer(another(2))];
    await vi.waitFor(async () => expect(await answer(another(3))).toBe('503 busy'));
    under.resolve();
    expect(await Promise.all(begun)).toEqual(['200 taken', '200 taken']);
    expect(await answer(another(3))).toBe('200 taken');
  });
});

test('ids are remembered as long as was asked', async () => {
  const added: number[] = [];
  const store = {
    add: async (_id: string, expiresAt: Date) => {
      added.push(Math.round((expiresAt.getTime() - Date.now()) / 1000));
      return true;
    },
    remove: async () => undefined,
  };
  await open({ store }).answer(requestOf(BODY));
  await open({ store, rememberSeconds: 60 }).answer(requestOf(BODY));
  expect(added).toEqual([30 * 86_400, 60]);
});

describe('what is no event', () => {
  const { events, receive, answer } = open();

  test('is refused with its reason', async () => {
    const headers = signedBy([SECRET], PAID.id, BODY);
    const { 'webhook-id': _id, ...incomplete } = headers;
    const shipped = JSON.stringify({ ...PAID, type: 'order.shipped' });
    expect(await answer(requestOf(BODY, incomplete))).toBe('400 missing-header');
    expect(await answer(requestOf(BODY, signedBy([OTHER_SECRET], PAID.id, BODY)))).toBe('401 bad-signature');
    expect(await answer(requestOf(BODY, signedBy([SECRET], PAID.id, BODY, 400)))).toBe('401 too-old');
    expect(await answer(requestOf(BODY, signedBy([SECRET], PAID.id, BODY, -400)))).toBe('401 too-new');
    expect(await answer(requestOf('{', signedBy([SECRET], PAID.id, '{')))).toBe('400 not-an-event');
    expect(await answer(requestOf(shipped, signedBy([SECRET], PAID.id, shipped)))).toBe('422 unknown-type');
    expect(events).toEqual([]);
  });

  test('is refused where it is not posted, or has no body', async () => {
    const got = await receive(new Request('http://receiver/'));
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await answer(new Request('http://receiver/', { method: 'POST' }))).toBe('400 no body');
  });
});

/** A body of these parts, and whether it was given up before its end. */
function streamOf(parts: readonly (string | Error)[], isEndless = false) {
  const left = [...parts];
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const part = left.shift();
      if (part instanceof Error) controller.error(part);
      else if (part !== undefined) controller.enqueue(new TextEncoder().encode(part));
      else if (!isEndless) controller.close();
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return { stream, isCancelled: () => isCancelled };
}

describe('a body', () => {
  const size = Buffer.byteLength(BODY);

  test('of just the size that is allowed is read, in whatever parts it comes', async () => {
    const { answer } = open({ bodyBytesMax: size });
    expect(await answer(requestOf(streamOf([BODY.slice(0, 10), BODY.slice(10)]).stream))).toBe('200 taken');
  });

  test('that is larger is given up, said so or not', async () => {
    const { events, answer } = open({ bodyBytesMax: size - 1 });
    expect(await answer(requestOf(BODY))).toBe('413 too large');
    const { stream, isCancelled } = streamOf([BODY], true);
    expect(await answer(requestOf(stream))).toBe('413 too large');
    expect(isCancelled()).toBe(true);
    const told = streamOf([BODY]).stream;
    expect(await answer(requestOf(told, { ...signedBy([SECRET], PAID.id, BODY), 'content-length': String(size) }))).toBe('413 too large');
    expect(events).toEqual([]);
  });

  test('that breaks off is no event', async () => {
    const { answer } = open();
    expect(await answer(requestOf(streamOf([BODY.slice(0, 10), new Error('gone')]).stream))).toBe('400 broken off');
  });

  test('in another alphabet is the same in pieces', async () => {
    const body = JSON.stringify({ ...PAID, data: { ...PAID.data, userId: '김철수 🛍' } });
    const bytes = new TextEncoder().encode(body);
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { events, answer } = open();
    expect(await answer(requestOf(stream, signedBy([SECRET], PAID.id, body)))).toBe('200 taken');
    expect(events).toMatchObject([{ data: { userId: '김철수 🛍' } }]);
  });
});

test('a body that takes too long is given up', async () => {
  const { stream, isCancelled } = streamOf([BODY.slice(0, 10)], true);
  expect(await open({ bodyMsMax: 50 }).answer(requestOf(stream))).toBe('408 too slow');
  expect(isCancelled()).toBe(true);
});

test('two secrets take what either has signed', async () => {
  const { answer } = open({ secrets: [OTHER_SECRET, SECRET] });
  expect(await answer(another(1))).toBe('200 taken');
  expect(await answer(requestOf(BODY, signedBy([OTHER_SECRET], PAID.id, BODY)))).toBe('200 taken');
});

test('a receiver that could take nothing is not made', () => {
  for (const secrets of ['', [], 'hush']) expect(() => open({ secrets })).toThrow(/^a (secret|receiver)/);
  expect(() => open({ toleranceSeconds: 0 })).toThrow('the tolerance');
});
