/** Every route, asked in every way that its document allows and in every way that it does not. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answered, Body } from '../../server/test/support/caller.ts';
import { type ApiDocument, createCheck, isDocument, operationsOf } from '../../server/test/support/document.ts';
import { couponOf, issued, paid, placed, product } from '../../server/test/support/goods.ts';
import { expectNoInnards } from '../../server/test/support/innards.ts';
import { prove } from '../support/proof.ts';
import { ALL_FAULTS, type Request, requestsOf } from './requests.ts';
import { openTarget, startGoodClients, type Target } from './target.ts';
import { credentialsOf } from './tokens.ts';
import type { Pool } from './values.ts';
import { type Answer, openWire, type Wire } from './wire.ts';

const AT_ONCE = 12;
/** What no list of attacks is deep without: things made, and refusals of every kind. */
const STATUSES = [200, 201, 400, 401, 403, 404, 405, 409, 413, 415, 431];
/** Of a 503, what the document promises. */
const AWAY = new Set(['OVERLOADED', 'OUTCOME_UNKNOWN', 'NOT_READY']);
/** Refused before the request was read, so that the answer knows neither its path nor its language. */
const UNREAD = new Set([400, 408, 413, 431]);

prove(
  'broken requests',
  {
    promise:
      'Whatever a request holds: no 5xx, no crash, nothing of the inside told, every answer as documented, the books right, good clients served',
    how: 'requests from the OpenAPI document, valid and broken in every field, with tokens of 24 kinds',
    unit: 'requests',
    short: 2500,
    long: 145_000,
  },
  async ({ tries, seed }) => {
    const target = await openTarget();
    const document = await documentAt(target);
    const credentials = credentialsOf(target.arm.secret);
    const good = await startGoodClients(target);
    const requests = requestsOf(document, credentials, await makePool(target));
    const judge = createJudge(document);
    const wires = Array.from({ length: AT_ONCE }, () => openWire(target.arm.port));
    const batches = Math.ceil(tries / AT_ONCE);
    for (let batch = 0; batch < batches; batch += 1) {
      // What a server answers depends on what was asked before, so that there is nothing to shrink.
      const asked = fc.sample(requests, { numRuns: AT_ONCE, seed: seed + batch });
      await Promise.all(asked.map((request, index) => askAndJudge(wires[index], request, judge.judge)));
    }
    for (const wire of wires) wire.close();
    judge.expectAllFired(
      credentials.map(({ kind }) => kind),
      document,
    );
    const note = await good.stop();
    await target.close();
    return { tries: batches * AT_ONCE, note: `${judge.note()}; ${note}` };
  },
);

async function askAndJudge(
  wire: Wire | undefined,
  request: Request,
  judge: (request: Request, answer: Answer | null) => void,
): Promise<void> {
  if (wire === undefined) throw new Error('each request has its connection');
  judge(request, await wire.ask(request.bytes, request.method === 'HEAD'));
}

async function documentAt({ anyone }: Target): Promise<ApiDocument> {
  const { body } = await anyone.get('/openapi.json');
  const document: unknown = body;
  if (!isDocument(document)) throw new Error('the server has no OpenAPI document');
  return document;
}

/** Things that attacks name: those of a customer who attacks, too, and of one who does not. */
async function makePool(target: Target): Promise<Pool> {
  const { staff } = target;
  const made = await product(target, [
    { price: 1, stock: 1_000_000 },
    { price: 3, stock: 5 },
  ]);
  const optionIds = made.options.map(({ id }) => id);
  const optionId = optionIds[0] ?? '';
  const couponIds = await Promise.all([couponOf(target, { quantity: 1_000_000 }), couponOf(target, { quantity: 1 })]);
  const owners = await Promise.all(['customer-of-attacks', 'another-of-attacks', 'victim'].map((name) => target.customer(name)));
  const orderIds: string[] = [];
  const paymentIds: string[] = [];
  const userCouponIds: string[] = [];
  for (const owner of owners) {
    await owner.post('/balance/charge', { amount: 1_000_000 });
    orderIds.push(await placed(owner, optionId), await placed(owner, optionId, 3));
    paymentIds.push(await paid(owner, await placed(owner, optionId, 2)));
    userCouponIds.push(await issued(owner, couponIds[0] ?? ''));
  }
  const deliveries = await staff.get('/deliveries?limit=5');
  return {
    productId: [made.id],
    optionId: optionIds,
    couponId: couponIds,
    orderId: orderIds,
    paymentId: paymentIds,
    userCouponId: userCouponIds,
    userId: owners.map(({ userId }) => userId),
    deliveryId: deliveries.body.items.map(({ id }) => id),
    name: ['log', 'x', 'to-x'],
    destination: ['log', 'x'],
  };
}

interface Judge {
  readonly judge: (request: Request, answer: Answer | null) => void;
  expectAllFired(credentials: readonly string[], document: ApiDocument): void;
  note(): string;
}

function createJudge(document: ApiDocument): Judge {
  const check = createCheck(document);
  const operations = new Map(operationsOf(document).map((known) => [`${known.method} ${known.path}`, known.operation]));
  const statuses = new Map<number, number>();
  const fired = new Set<string>();
  const judge = (request: Request, answer: Answer | null): void => {
    const { credential, fault, operation, method } = request;
    const what = `${fault} as ${credential.kind}: ${request.bytes.toString('latin1', 0, 700)}`;
    if (answer === null) throw new Error(`no answer to ${what}`);
    const { status } = answer;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    for (const name of [fault, credential.kind, operation]) fired.add(name);
    const answered = parsed(answer);
    expectNoInnards(status >= 400 ? answer.text : '', what);
    if (status === 503) expectAway(answered, what);
    else if (!(UNREAD.has(status) && answered.body.instance === '/' && request.path !== '/')) check({ ...request, answer: answered });
    if (status < 400 && method !== 'HEAD') {
      expect(request.isBodyWrong, `taken, though its body is wrong: ${what}`).toBe(false);
      const described = operations.get(operation);
      if (fault !== 'method: another' && fault !== 'path: another' && fault !== 'path: bytes' && described !== undefined) {
        const isGuarded = (described.security ?? []).length > 0;
        if (isGuarded) expect(credential.may, `let in: ${what}`).not.toBe('nothing');
        if (described.description === 'Staff only.') expect(credential.may, `let in: ${what}`).toBe('staff');
      }
    }
  };
  return {
    judge,
    expectAllFired: (credentials, { paths }) => {
      expect(
        [...ALL_FAULTS, ...credentials].filter((name) => !fired.has(name)),
        'attacks that were not tried',
      ).toEqual([]);
      expect(Object.keys(paths).length).toBeGreaterThan(30);
      expect(
        [...operations.keys()].filter((name) => !fired.has(name)),
        'operations that were not asked',
      ).toEqual([]);
      expect(
        STATUSES.filter((status) => !statuses.has(status)),
        `statuses that were not seen`,
      ).toEqual([]);
    },
    note: () =>
      [...statuses]
        .toSorted(([one], [other]) => one - other)
        .map(([status, count]) => `${status} ${count.toLocaleString('en-US')}×`)
        .join(', '),
  };
}

/** Trusts the API with the shape of its bodies, as the callers of tests do. */
const parse: (text: string) => Body = JSON.parse;

function parsed({ status, headers, text }: Answer): Answered {
  const isJson = headers.get('content-type')?.includes('json') === true && text !== '';
  return { status, headers, body: parse(isJson ? text : JSON.stringify({ text })) };
}

function expectAway({ headers, body }: Answered, what: string): void {
  expect(AWAY.has(body.code), `503 ${body.code} to ${what}`).toBe(true);
  expect(headers.get('retry-after'), what).toMatch(/^\d+$/);
}
