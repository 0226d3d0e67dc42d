/** The last line of defence: whatever a faulty statement may ask for, the tables refuse what must never be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { couponOf, issued, option, paid, placed, richCustomer } from '../support/goods.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  const customer = await richCustomer(shop, 10_000);
  const optionId = await option(shop, { stock: 5, price: 1000 });
  await issued(customer, await couponOf(shop, { quantity: 1 }));
  await issued(customer, await couponOf(shop, { quantity: 1 }));
  await placed(customer, optionId);
  await paid(customer, await placed(customer, optionId));
  await paid(customer, await placed(customer, optionId, 2));
});
afterAll(() => shop.close());

const CHECK = '23514';
const UNIQUE = '23505';

test.each([
  ['more reserved than there is', 'UPDATE stock SET reserved = on_hand + 1', CHECK],
  ['less than nothing reserved', 'UPDATE stock SET reserved = -1', CHECK],
  ['a balance below zero', 'UPDATE balance SET amount = -1', CHECK],
  ['a ledger below zero', 'UPDATE balance_entry SET balance_after = -1', CHECK],
  ['two entries of one version', 'UPDATE balance_entry SET version = 1', UNIQUE],
  ['more coupons issued than there are', 'UPDATE coupon SET issued = quantity + 1', CHECK],
  ['two coupons of one kind for one user', 'UPDATE user_coupon SET coupon_id = (SELECT min(id::text)::uuid FROM coupon)', UNIQUE],
  ['a held coupon of no order', "UPDATE user_coupon SET status = 'held'", CHECK],
  ['an order whose sum is another', 'UPDATE orders SET total = total + 1', CHECK],
  ['a paid order without a payment', "UPDATE orders SET status = 'paid' WHERE status = 'pending'", CHECK],
  ['two payments of one order', 'UPDATE payment SET order_id = (SELECT min(order_id::text)::uuid FROM payment)', UNIQUE],
  ['more refunded than was paid', 'UPDATE payment SET refunded = amount + 1', CHECK],
  ['more units refunded than were bought', 'UPDATE order_line SET refunded_quantity = quantity + 1', CHECK],
  ['more units put back than were refunded', 'UPDATE order_line SET restocked_quantity = refunded_quantity + 1', CHECK],
] as const)('%s is refused', async (_what, sql, code) => {
  await expect(shop.database.writers.query(sql)).rejects.toMatchObject({ code });
});
