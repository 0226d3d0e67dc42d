/** The audit over HTTP: what it finds, one at a time, for staff. */
import { expect, test } from 'vitest';
import { useShop } from '../support/document.ts';
import { expectStatus, option, paid, placed, richCustomer, tally } from '../support/goods.ts';
import { ANY_NUMBER, ANY_TIME } from '../support/matchers.ts';
import { expectInvalid, expectRefusal } from '../support/refusal.ts';

const shop = useShop();

test('finds nothing in a shop whose books balance, and says what it looked at', async () => {
  const customer = await richCustomer(shop(), 5000);
  await paid(customer, await placed(customer, await option(shop(), { stock: 2 })));
  const { body } = expectStatus(await shop().staff.post('/audit'), 200);
  const { checks, ...result } = body;
  expect(result).toEqual({ isClean: true, startedAt: ANY_TIME, durationMs: ANY_NUMBER, differences: [] });
  expect(checks).toContain('reserved is what pending orders hold');
});

test('finds what does not add up', async () => {
  const optionId = await option(shop(), { stock: 2 });
  const { writers } = shop().database;
  await writers.query('UPDATE stock SET on_hand = 3 WHERE option_id = $1', [optionId]);
  const { body } = expectStatus(await shop().staff.post('/audit'), 200);
  expect(body).toMatchObject({
    isClean: false,
    differences: [
      { check: 'on hand is what was adjusted, less what was paid, plus what was restocked', found: { option_id: optionId, on_hand: 3 } },
    ],
  });
  await writers.query('UPDATE stock SET on_hand = 2 WHERE option_id = $1', [optionId]);
});

test('runs one at a time, takes no connection from writes, and runs again after it', async () => {
  const { writers, readers } = shop().database;
  const client = await writers.connect();
  // What the audit reads last waits for this lock, so that the audit lasts as long as the test wants.
  await client.query('BEGIN');
  await client.query('LOCK TABLE outbox_horizon IN ACCESS EXCLUSIVE MODE');
  const first = shop().staff.post('/audit');
  await expect.poll(() => readers.totalCount - readers.idleCount).toBeGreaterThan(0);
  const busy = writers.totalCount - writers.idleCount;
  await expectRefusal(shop().staff, ['POST', '/audit'], '409 AUDIT_RUNNING');
  expect(busy).toBe(1);
  await client.query('COMMIT');
  client.release();
  expectStatus(await first, 200);
  expect(tally([await shop().staff.post('/audit')])).toEqual({ 200: 1 });
});

test('is for staff', async () => {
  await expectRefusal(shop().anyone, ['POST', '/audit', { x: 1 }], '401 UNAUTHENTICATED');
  await expectRefusal(await shop().customer(), ['POST', '/audit', { x: 1 }], '403 FORBIDDEN');
  await expectInvalid(shop().staff, ['POST', '/audit', { x: 1 }], '/x');
  await expectInvalid(shop().staff, ['POST', '/audit', undefined, { key: 'no good' }], '/Idempotency-Key');
});
