import { describe, expect, test } from 'vitest';
import type { Body, Caller } from '../support/caller.ts';
import { openCheckedShop, useSecond, useShop } from '../support/document.ts';
import { couponOf, expectStatus, HOUR_MS, issued, later, NO_ID, option, paid, placed, richCustomer, tag } from '../support/goods.ts';
import { ANY_ID, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal, type Request, verdict } from '../support/refusal.ts';
import { walk } from '../support/walk.ts';

const shop = useShop();
const secondShop = useSecond(shop);

const claim = (couponId: string): Request => ['POST', `/coupons/${couponId}/issue`];
const read = async (couponId: string): Promise<Body> => expectStatus(await shop().anyone.get(`/coupons/${couponId}`), 200).body;
const held = async (caller: Caller, query = ''): Promise<readonly Body[]> =>
  expectStatus(await caller.get(`/me/coupons${query}`), 200).body.items;
const listed = async (): Promise<string[]> => (await walk(shop().anyone, '/coupons', 100)).map((coupon) => coupon.id);

describe('what staff write', () => {
  test('a coupon begins at once and has no minimum, unless it says so', async () => {
    const wanted = { name: '첫 구매', discount: { type: 'fixed', amount: 500 }, quantity: 3, expiresAt: later(HOUR_MS) };
    const { body } = expectStatus(await shop().staff.post('/coupons', wanted), 201);
    expect(body).toEqual({
      ...wanted,
      id: ANY_ID,
      minOrderAmount: 0,
      issued: 0,
      remaining: 3,
      startsAt: ANY_TIME,
      status: 'open',
    });
    expect(await read(body.id)).toEqual(body);
  });

  test('all that can be said of a coupon is kept, times in UTC with milliseconds', async () => {
    const discount = { type: 'percent', percent: 15, maxAmount: 7000 };
    const wanted = { name: 'x', discount, minOrderAmount: 30_000, quantity: 9, startsAt: '2090-01-01T09:00:00+09:00' };
    const { body } = expectStatus(await shop().staff.post('/coupons', { ...wanted, expiresAt: '2090-01-01T00:00:01.5Z' }), 201);
    const kept = { ...wanted, startsAt: '2090-01-01T00:00:00.000Z', expiresAt: '2090-01-01T00:00:01.500Z', status: 'scheduled' };
    expect(body).toMatchObject(kept);
    expect(await read(body.id)).toEqual(body);
  });

  test('a patch changes what it names and nothing else', async () => {
    const couponId = await couponOf(shop(), { minOrderAmount: 5 });
    const before = await read(couponId);
    const after = expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { name: 'renamed', quantity: 7 }), 200).body;
    expect(after).toEqual({ ...before, name: 'renamed', quantity: 7, remaining: 7 });
    expect(await read(couponId)).toEqual(after);
  });

  test('the quantity may fall to what was issued and not below', async () => {
    const couponId = await couponOf(shop(), { quantity: 9 });
    for (let count = 0; count < 2; count += 1) await issued(await shop().customer(), couponId);
    await expectRefusal(shop().staff, ['PATCH', `/coupons/${couponId}`, { quantity: 1 }], '409 COUPON_BELOW_ISSUED');
    const { body } = expectStatus(await shop().staff.patch(`/coupons/${couponId}`, { quantity: 2 }), 200);
    expect(body).toMatchObject({ quantity: 2, issued: 2, remaining: 0, status: 'soldOut' });
  });

  test('a patch takes nothing but the terms', async () => {
    const couponId = await couponOf(shop(), {});
    for (const field of ['issued', 'remaining', 'status', 'id']) {
      await expectInvalid(shop().staff, ['PATCH', `/coupons/${couponId}`, { [field]: 0 }], `/${field}`);
    }
  });

  test('a coupon ends after it begins', async () => {
    const times = { startsAt: later(HOUR_MS), expiresAt: later(HOUR_MS / 2) };
    const body = { name: 'x', discount: { type: 'fixed', amount: 1 }, quantity: 1, ...times };
    await expectInvalid(shop().staff, ['POST', '/coupons', body], '/expiresAt');
    await expectInvalid(shop().staff, ['POST', '/coupons', { ...body, expiresAt: body.startsAt }], '/expiresAt');
    const couponId = await couponOf(shop(), {});
    await expectInvalid(shop().staff, ['PATCH', `/coupons/${couponId}`, { startsAt: later(2 * HOUR_MS) }], '/expiresAt');
  });

  test('only staff write, and unknown coupons come before their state', async () => {
    const [customer, body] = [await shop().customer(), { nonsense: 1 }];
    for (const request of [['POST', '/coupons', body] as const, ['PATCH', `/coupons/${NO_ID}`, body] as const]) {
      await expectRefusal(shop().anyone, request, '401 UNAUTHENTICATED');
      await expectRefusal(customer, request, '403 FORBIDDEN');
    }
    await expectRefusal(shop().staff, ['PATCH', `/coupons/${NO_ID}`, { quantity: 0 }], '404 COUPON_NOT_FOUND');
    await expectRefusal(shop().anyone, ['GET', `/coupons/${NO_ID}`], '404 COUPON_NOT_FOUND');
    await expectInvalid(shop().staff, ['PATCH', `/coupons/${NO_ID}`, {}, { key: ' ' }], '/Idempotency-Key');
  });
});

describe('claiming', () => {
  test('a claim is numbered, freezes the terms, and is read at once', async () => {
    const customer = await shop().customer();
    const couponId = await couponOf(shop(), { discount: { type: 'percent', percent: 10 }, minOrderAmount: 77, quantity: 2 });
    const coupon = await read(couponId);
    const { body } = expectStatus(await customer.call(...claim(couponId)), 201);
    expect(body).toEqual({
      id: ANY_ID,
      couponId,
      userId: customer.userId,
      name: coupon.name,
      discount: { type: 'percent', percent: 10 },
      minOrderAmount: 77,
      status: 'issued',
      sequence: 1,
      orderId: null,
      issuedAt: ANY_TIME,
      expiresAt: coupon.expiresAt,
    });
    expect(await held(customer)).toEqual([body]);
    expect(await read(couponId)).toMatchObject({ issued: 1, remaining: 1, status: 'open' });
    expect((await (await shop().customer()).call(...claim(couponId))).body.sequence).toBe(2);
    expect(await read(couponId)).toMatchObject({ issued: 2, remaining: 0, status: 'soldOut' });
  });

  test('what was issued keeps its terms when the coupon changes or ends', async () => {
    const customer = await shop().customer();
    const couponId = await couponOf(shop(), { startsAt: '2020-01-01T00:00:00Z' });
    await issued(customer, couponId);
    const [before] = await held(customer);
    const discount = { type: 'percent', percent: 1 };
    const patch = { name: 'other', discount, minOrderAmount: 9, expiresAt: '2020-01-02T00:00:00Z' };
    expect(expectStatus(await shop().staff.patch(`/coupons/${couponId}`, patch), 200).body.status).toBe('expired');
    expect(await held(customer)).toEqual([before]);
    await expectRefusal(await shop().customer(), claim(couponId), '409 COUPON_EXPIRED');
  });

  test('refusals come in their order: not started, expired, sold out, already issued', async () => {
    const customer = await shop().customer();
    const day = { quantity: 1, startsAt: '2020-01-01T00:00:00Z' };
    const couponId = await couponOf(shop(), day);
    await issued(customer, couponId);
    await expectRefusal(customer, claim(couponId), '409 COUPON_SOLD_OUT');
    await shop().staff.patch(`/coupons/${couponId}`, { quantity: 2 });
    await expectRefusal(customer, claim(couponId), '409 COUPON_ALREADY_ISSUED');
    await shop().staff.patch(`/coupons/${couponId}`, { quantity: 1, expiresAt: '2020-01-02T00:00:00Z' });
    await expectRefusal(customer, claim(couponId), '409 COUPON_EXPIRED');
    await shop().staff.patch(`/coupons/${couponId}`, { startsAt: '2090-01-01T00:00:00Z', expiresAt: '2090-01-02T00:00:00Z' });
    await expectRefusal(customer, claim(couponId), '409 COUPON_NOT_STARTED');
    await expectRefusal(customer, claim(NO_ID), '404 COUPON_NOT_FOUND');
    await expectRefusal(shop().anyone, claim(couponId), '401 UNAUTHENTICATED');
  });

  test('a raised quantity can be claimed at once', async () => {
    const couponId = await couponOf(shop(), { quantity: 0 });
    const customer = await shop().customer();
    await expectRefusal(customer, claim(couponId), '409 COUPON_SOLD_OUT');
    await shop().staff.patch(`/coupons/${couponId}`, { quantity: 1 });
    expect(verdict(await customer.call(...claim(couponId)))).toBe('201');
  });

  test('a customer who claims many times at once gets one', async () => {
    const couponId = await couponOf(shop(), { quantity: 10 });
    const customer = await shop().customer();
    const there = await (await secondShop()).customer(customer.userId);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? customer : there).call(...claim(couponId))));
    expect(answers.filter((answer) => verdict(answer) === '201')).toHaveLength(1);
    expect(answers.filter((answer) => verdict(answer) === '409 COUPON_ALREADY_ISSUED')).toHaveLength(9);
    expect((await read(couponId)).issued).toBe(1);
  });
});

describe('time', () => {
  test('a coupon opens at its startsAt and ends at its expiresAt, in every answer', async () => {
    const own = await openCheckedShop();
    const couponId = await couponOf(own, { startsAt: later(HOUR_MS), expiresAt: later(2 * HOUR_MS), quantity: 2 });
    const [first, second] = [await own.customer(), await own.customer()];
    const statusOf = async (): Promise<string> => (await own.anyone.get(`/coupons/${couponId}`)).body.status;
    const isListed = async (): Promise<boolean> => (await own.anyone.get('/coupons')).body.items.length === 1;
    expect([await statusOf(), await isListed()]).toEqual(['scheduled', true]);
    await expectRefusal(first, claim(couponId), '409 COUPON_NOT_STARTED');
    own.moveClock(HOUR_MS);
    expect([await statusOf(), await isListed()]).toEqual(['open', true]);
    await issued(first, couponId);
    expect((await held(first))[0]?.status).toBe('issued');
    own.moveClock(HOUR_MS);
    expect([await statusOf(), await isListed()]).toEqual(['expired', false]);
    await expectRefusal(second, claim(couponId), '409 COUPON_EXPIRED');
    expect((await held(first))[0]?.status).toBe('expired');
    await own.close();
  });

  test('the status is the first that holds of expired, scheduled, soldOut and open', async () => {
    const past = { startsAt: '2020-01-01T00:00:00Z', expiresAt: '2020-01-02T00:00:00Z' };
    const future = { startsAt: '2090-01-01T00:00:00Z', expiresAt: '2090-01-02T00:00:00Z' };
    const cases = [
      [{ quantity: 0, ...past }, 'expired'],
      [{ quantity: 0, ...future }, 'scheduled'],
      [{ quantity: 0 }, 'soldOut'],
      [{ quantity: 1 }, 'open'],
    ] as const;
    for (const [body, status] of cases) {
      const couponId = await couponOf(shop(), body);
      expect((await read(couponId)).status).toBe(status);
      expect((await listed()).includes(couponId)).toBe(status !== 'expired');
    }
  });

  test('staff list the coupons of a status, or all of them', async () => {
    const own = await openCheckedShop();
    const bodies = {
      expired: { startsAt: '2020-01-01T00:00:00Z', expiresAt: '2020-01-02T00:00:00Z' },
      scheduled: { startsAt: '2090-01-01T00:00:00Z', expiresAt: '2090-01-02T00:00:00Z' },
      soldOut: { quantity: 0 },
      open: { expiresAt: later(HOUR_MS) },
    } as const;
    const made: { id: string; status: string }[] = [];
    for (const [status, body] of Object.entries(bodies)) made.unshift({ id: await couponOf(own, body), status });
    const ofStatus = async (status: string) =>
      (await walk(own.staff, `/coupons?status=${status}`, 1)).map(({ id, status: told }) => ({ id, status: told }));
    expect(await ofStatus('all')).toEqual(made);
    for (const each of made) expect(await ofStatus(each.status)).toEqual([each]);
    const unnamed = made.filter(({ status }) => status !== 'expired').map(({ id }) => id);
    for (const caller of [own.staff, own.anyone]) expect((await walk(caller, '/coupons', 100)).map(({ id }) => id)).toEqual(unnamed);
    own.moveClock(HOUR_MS);
    expect((await ofStatus('expired')).map(({ id }) => id)).toEqual(
      expect.arrayContaining(made.filter(({ status }) => /expired|open/.test(status)).map(({ id }) => id)),
    );
    expect(await ofStatus('open')).toEqual([]);
    await own.close();
  });

  test('nobody else chooses a status', async () => {
    const customer = await shop().customer();
    for (const status of ['all', 'expired', 'open']) {
      await expectRefusal(shop().anyone, ['GET', `/coupons?status=${status}`], '401 UNAUTHENTICATED');
      await expectRefusal(customer, ['GET', `/coupons?status=${status}`], '403 FORBIDDEN');
    }
    await expectInvalid(shop().staff, ['GET', '/coupons?status=gone'], '/status');
  });
});

describe('users’ coupons', () => {
  test('are issued, held by an order, free again after its cancellation, and used by a payment', async () => {
    const customer = await richCustomer(shop(), 10_000);
    const optionId = await option(shop(), { price: 1000, stock: 9 });
    const userCouponId = await issued(customer, await couponOf(shop(), {}));
    const state = async () => (await held(customer)).map((coupon) => [coupon.status, coupon.orderId]);
    const first = await placed(customer, optionId, 1, userCouponId);
    expect(await state()).toEqual([['held', first]]);
    await customer.post(`/orders/${first}/cancel`);
    expect(await state()).toEqual([['issued', null]]);
    const second = await placed(customer, optionId, 1, userCouponId);
    const paymentId = await paid(customer, second);
    expect(await state()).toEqual([['used', second]]);
    expectStatus(await shop().staff.post(`/payments/${paymentId}/refunds`, { restock: true, reason: 'x' }), 201);
    expect(await state()).toEqual([['used', second]]);
  });

  test('are one’s own; staff see anyone’s by name', async () => {
    const [customer, other] = [await shop().customer(`손님-${tag()}`), await shop().customer()];
    const couponId = await couponOf(shop(), {});
    const userCouponId = await issued(customer, couponId);
    expect(await held(other)).toEqual([]);
    const query = `?userId=${encodeURIComponent(customer.userId)}`;
    expect((await held(shop().staff, query)).map((coupon) => coupon.id)).toEqual([userCouponId]);
    expect((await held(customer, query)).map((coupon) => coupon.id)).toEqual([userCouponId]);
    expect((await held(shop().staff)).map((coupon) => coupon.id)).not.toContain(userCouponId);
    await expectRefusal(other, ['GET', `/me/coupons${query}`], '403 FORBIDDEN');
    await expectRefusal(shop().anyone, ['GET', '/me/coupons'], '401 UNAUTHENTICATED');
  });

  test('staff claim for themselves', async () => {
    const { body } = expectStatus(await shop().staff.call(...claim(await couponOf(shop(), {}))), 201);
    expect(body.userId).toBe('staff');
  });
});

test('lists are walked through, newest first, while coupons are added', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.unshift(await couponOf(shop(), {}));
  const walked = (await walk(shop().anyone, '/coupons', 2, () => couponOf(shop(), {}))).map((coupon) => coupon.id);
  expect(walked.slice(0, 5)).toEqual(ids);
  expect(new Set(walked).size).toBe(walked.length);
  const customer = await shop().customer();
  const own: string[] = [];
  for (const couponId of ids) own.unshift(await issued(customer, couponId));
  expect((await walk(customer, '/me/coupons', 2)).map((coupon) => coupon.id)).toEqual(own);
});
