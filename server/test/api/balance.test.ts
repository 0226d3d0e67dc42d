import { describe, expect, test } from 'vitest';
import type { Answered, Body, Caller } from '../support/caller.ts';
import { useShop } from '../support/document.ts';
import { expectStatus, option, paid, placed, richCustomer, tag } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, verdict } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const MAX_CHARGE = 1_000_000;
const MAX_BALANCE = 1_500_000;
const shop = useShop({ maxCharge: MAX_CHARGE, maxBalance: MAX_BALANCE });

const charge = (caller: Caller, amount: number, more: object = {}): Promise<Answered> =>
  caller.post('/balance/charge', { amount, ...more });
const balanceOf = async (caller: Caller, query = ''): Promise<Body> => expectStatus(await caller.get(`/balance${query}`), 200).body;
const historyOf = async (caller: Caller): Promise<readonly Body[]> => (await caller.get('/balance/history?limit=100')).body.items;

describe('charging', () => {
  test('there is 0 without a record, and nothing in the history', async () => {
    const customer = await shop().customer();
    expect(await balanceOf(customer)).toEqual({ userId: customer.userId, amount: 0, currency: 'KRW' });
    expect((await customer.get('/balance/history')).body).toEqual({ items: [], nextCursor: null });
  });

  test('a charge answers the new balance, which is read at once, and names its entry', async () => {
    const customer = await shop().customer();
    await charge(customer, 100);
    const { body } = expectStatus(await charge(customer, 50, { reference: 'pg-1' }), 200);
    expect(body).toEqual({ userId: customer.userId, amount: 150, charged: 50, currency: 'KRW', entryId: ANY_ID });
    expect((await balanceOf(customer)).amount).toBe(150);
    const [newest] = await historyOf(customer);
    expect(newest).toEqual({
      id: body.entryId,
      kind: 'charge',
      delta: 50,
      balanceAfter: 150,
      reference: 'pg-1',
      createdAt: ANY_TIME,
    });
  });

  test('the limits of a charge and of a balance may be reached and not passed', async () => {
    const customer = await shop().customer();
    await expectRefusal(customer, ['POST', '/balance/charge', { amount: MAX_CHARGE + 1 }], '409 CHARGE_LIMIT_EXCEEDED');
    expect(verdict(await charge(customer, MAX_CHARGE))).toBe('200');
    await expectRefusal(customer, ['POST', '/balance/charge', { amount: MAX_CHARGE }], '409 BALANCE_LIMIT_EXCEEDED');
    expect(verdict(await charge(customer, MAX_BALANCE - MAX_CHARGE))).toBe('200');
    await expectRefusal(customer, ['POST', '/balance/charge', { amount: 1 }], '409 BALANCE_LIMIT_EXCEEDED');
    expect((await balanceOf(customer)).amount).toBe(MAX_BALANCE);
  });

  test('amounts of zero or less come first, then the limit of a charge, then that of a balance', async () => {
    const customer = await shop().customer();
    await charge(customer, MAX_CHARGE);
    const used = tag();
    await charge(customer, 1, { reference: used });
    const refused = (body: object, code: string) => expectRefusal(customer, ['POST', '/balance/charge', body], code);
    await refused({ amount: 0, reference: used }, '400 INVALID_CHARGE_AMOUNT');
    await refused({ amount: -1, reference: used }, '400 INVALID_CHARGE_AMOUNT');
    await refused({ amount: MAX_CHARGE + 1, reference: used }, '409 REFERENCE_REUSED');
    await refused({ amount: MAX_CHARGE + 1 }, '409 CHARGE_LIMIT_EXCEEDED');
    await refused({ amount: MAX_CHARGE }, '409 BALANCE_LIMIT_EXCEEDED');
    expect((await historyOf(customer)).map((entry) => entry.delta)).toEqual([1, MAX_CHARGE]);
  });

  test('many charges at once all arrive, and the history is one chain', async () => {
    const customer = await shop().customer();
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => charge(customer, index + 1)));
    expect(new Set(answers.map(verdict))).toEqual(new Set(['200']));
    expect((await balanceOf(customer)).amount).toBe(1830);
    const entries = (await historyOf(customer)).toReversed();
    let before = 0;
    for (const entry of entries) {
      expect(entry.balanceAfter).toBe(before + entry.delta);
      before = entry.balanceAfter;
    }
    expect(before).toBe(1830);
  });
});

describe('references', () => {
  test('a repeat answers the first entry, whatever happened since', async () => {
    const customer = await shop().customer();
    const first = await charge(customer, 100, { reference: 'once' });
    await charge(customer, 11);
    const again = await charge(customer, 100, { reference: 'once' });
    expect(again.body).toEqual(first.body);
    expect(again.headers.has('idempotent-replayed')).toBe(false);
    expect((await balanceOf(customer)).amount).toBe(111);
    expect(await historyOf(customer)).toHaveLength(2);
  });

  test('another amount under it is refused', async () => {
    const customer = await shop().customer();
    await charge(customer, 100, { reference: 'once' });
    await expectRefusal(customer, ['POST', '/balance/charge', { amount: 101, reference: 'once' }], '409 REFERENCE_REUSED');
    expect((await balanceOf(customer)).amount).toBe(100);
  });

  test('a repeat is answered although the limits would refuse it now, on another server too', async () => {
    const customer = await shop().customer();
    const first = await charge(customer, 900, { reference: 'r' });
    const strict = await shop().second({ maxCharge: 10, maxBalance: 20 });
    const there = await strict.customer(customer.userId);
    expect((await charge(there, 900, { reference: 'r' })).body).toEqual(first.body);
    expect(verdict(await charge(there, 900, { reference: 'other' }))).toBe('409 CHARGE_LIMIT_EXCEEDED');
    expect(verdict(await charge(there, 10, { reference: 'other' }))).toBe('409 BALANCE_LIMIT_EXCEEDED');
    expect((await balanceOf(there)).amount).toBe(900);
  });

  test('a refused charge does not use its reference up', async () => {
    const customer = await shop().customer();
    await charge(customer, MAX_CHARGE + 1, { reference: 'r' });
    expect(verdict(await charge(customer, 5, { reference: 'r' }))).toBe('200');
  });

  test('each user has their own, also where staff charge', async () => {
    const [one, two] = [await shop().customer(), await shop().customer()];
    const first = await charge(one, 1, { reference: 'same' });
    expect(verdict(await charge(two, 2, { reference: 'same' }))).toBe('200');
    const byStaff = await charge(shop().staff, 1, { reference: 'same', userId: one.userId });
    expect(byStaff.body).toEqual(first.body);
  });

  test('it is taken exactly: case, blanks and form of letters matter', async () => {
    const customer = await shop().customer();
    const references = ['a', 'A', ' a', 'a ', '각'.normalize('NFC'), '각'.normalize('NFD')];
    for (const reference of references) expect(verdict(await charge(customer, 1, { reference }))).toBe('200');
    expect((await balanceOf(customer)).amount).toBe(references.length);
  });

  test('the same reference sent many times at once to two servers charges once', async () => {
    const customer = await shop().customer();
    const there = await (await shop().second()).customer(customer.userId);
    const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? customer : there));
    const answers = await Promise.all(callers.map((caller) => charge(caller, 7, { reference: 'gateway' })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await historyOf(customer)).toHaveLength(1);
  });
});

describe('history', () => {
  test('payments and refunds are in it, and name their order and payment', async () => {
    const customer = await richCustomer(shop(), 5000);
    const optionId = await option(shop(), { price: 1000, stock: 5 });
    const orderId = await placed(customer, optionId, 2);
    const paymentId = await paid(customer, orderId);
    const refund = { lines: [{ optionId, quantity: 1 }], restock: false, reason: 'damaged' };
    expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, refund), 201);
    expect(await historyOf(customer)).toMatchObject([
      { kind: 'refund', delta: 1000, balanceAfter: 4000, reference: paymentId },
      { kind: 'payment', delta: -2000, balanceAfter: 3000, reference: orderId },
      { kind: 'charge', delta: 5000, balanceAfter: 5000, reference: null },
    ]);
  });

  test('it is walked through, newest first, while entries are added', async () => {
    const customer = await shop().customer();
    for (let count = 1; count <= 7; count += 1) await charge(customer, count);
    const walked = await walk(customer, '/balance/history', 2, () => charge(customer, 100));
    expect(walked.map((entry) => entry.delta)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });
});

describe('who may read and charge which balance', () => {
  test('staff read and charge anyone’s, by name', async () => {
    const userId = `손님 ${tag()}/?&#+%`;
    const query = `?userId=${encodeURIComponent(userId)}`;
    expect(await balanceOf(shop().staff, query)).toEqual({ userId, amount: 0, currency: 'KRW' });
    expect((await charge(shop().staff, 30, { userId })).body).toMatchObject({ userId, amount: 30, charged: 30 });
    expect((await balanceOf(shop().staff, query)).amount).toBe(30);
    const history = await shop().staff.get(`/balance/history${query}`);
    expect(history.body.items).toMatchObject([{ delta: 30 }]);
    expect((await balanceOf(await shop().customer(userId))).amount).toBe(30);
  });

  test('staff without a name read and charge their own', async () => {
    const { body } = expectStatus(await charge(shop().staff, 3), 200);
    expect(body.userId).toBe('staff');
    expect((await balanceOf(shop().staff)).amount).toBe(body.amount);
  });

  test('customers read and charge only their own, by name too', async () => {
    const [customer, other] = [await shop().customer(), await shop().customer()];
    expect(verdict(await charge(customer, 3, { userId: customer.userId }))).toBe('200');
    expect((await balanceOf(customer, `?userId=${customer.userId}`)).amount).toBe(3);
    await expectRefusal(customer, ['GET', `/balance?userId=${other.userId}`], '403 FORBIDDEN');
    await expectRefusal(customer, ['GET', `/balance/history?userId=${other.userId}`], '403 FORBIDDEN');
    const foreign = { amount: 0, userId: other.userId };
    await expectRefusal(customer, ['POST', '/balance/charge', foreign, { key: 'no good' }], '403 FORBIDDEN');
    expect((await balanceOf(other)).amount).toBe(0);
  });

  test('nobody without a token', async () => {
    const { anyone } = shop();
    await expectRefusal(anyone, ['GET', '/balance'], '401 UNAUTHENTICATED');
    await expectRefusal(anyone, ['GET', '/balance/history?limit=0'], '401 UNAUTHENTICATED');
    await expectRefusal(anyone, ['POST', '/balance/charge', { nonsense: 1 }], '401 UNAUTHENTICATED');
  });

  test('where only staff charge, customers may not and staff must name the user', async () => {
    const strict = await shop().second({ chargePolicy: 'staff' });
    const customer = await strict.customer();
    for (const body of [{ amount: 1 }, { amount: 1, userId: customer.userId }, { nonsense: 1 }]) {
      await expectRefusal(customer, ['POST', '/balance/charge', body], '403 FORBIDDEN');
    }
    await expectInvalid(strict.staff, ['POST', '/balance/charge', { amount: 0 }, { key: 'no good' }], '/userId');
    await expectInvalid(strict.staff, ['POST', '/balance/charge', { amount: 0, userId: 'a' }, { key: 'no good' }], '/Idempotency-Key');
    expect((await charge(strict.staff, 8, { userId: customer.userId })).body).toMatchObject({ userId: customer.userId, amount: 8 });
    expect((await balanceOf(customer)).amount).toBe(8);
  });
});
