/** Reads back, as staff, what the server says of everything that a replay made. */
import type { Static, TSchema } from 'typebox';
import { accepted, forEachOf } from './replay.client.ts';
import type { ReplayRun } from './replay.runner.ts';
import { BalanceAnswer, OrderAnswer, PaymentAnswer, PaymentPage, ProductAnswer, RankingAnswer, RefundPage } from './replay.schemas.ts';
import type { ReplayLedger, ServerBooks, ServerOption, ServerOrder, ServerPayment, ServerRefund } from './replay.types.ts';

const PAGE_SIZE = 100;
/** A payment is refunded once per cancellation that touches it; more pages than this are a defect. */
const REFUND_PAGES_MAX = 100;

type Read = <T extends TSchema>(path: string, schema: T) => Promise<Static<T>>;

/** Reads all books; orders that the replay did not get placed and paid are absent. */
export async function readBooks(run: ReplayRun, ledger: ReplayLedger): Promise<ServerBooks> {
  const { plan, client, staff, concurrency, progress } = run;
  const read: Read = async (path, schema) => accepted(await client.read(staff, path, schema), `GET ${path}`);
  const balances = new Map<string, number>();
  const names = new Map<string, string>();
  const options = new Map<string, ServerOption>();

  progress.start('reconcile', ledger.orders.size + plan.customers.length + ledger.products.size);
  const sold = await readOrders(run, ledger, read);
  await forEachOf(plan.customers, concurrency, async ({ userId }) => {
    balances.set(userId, (await read(`/balance?userId=${encodeURIComponent(userId)}`, BalanceAnswer)).amount);
    progress.tick();
  });
  await forEachOf([...ledger.products], concurrency, async ([code, productId]) => {
    const product = await read(`/products/${productId}`, ProductAnswer);
    names.set(code, product.name);
    for (const { sku, price, onHand, reserved } of product.options) options.set(sku, { price, onHand, reserved });
    progress.tick();
  });
  const ranking = await readRanking(run, ledger, read);
  progress.stop();
  return { ...sold, balances, names, options, ranking };
}

async function readOrders(run: ReplayRun, ledger: ReplayLedger, read: Read): Promise<Pick<ServerBooks, 'orders' | 'payments' | 'refunds'>> {
  const orders = new Map<string, ServerOrder>();
  const payments = new Map<string, ServerPayment>();
  const refunds: ServerRefund[] = [];
  const skus = new Map([...ledger.options].map(([sku, id]) => [id, sku]));
  const keys = new Map([...ledger.refunds].map(([key, id]) => [id, key]));
  const skuOf = (optionId: string): string => skus.get(optionId) ?? optionId;

  await forEachOf([...ledger.orders], run.concurrency, async ([key, { orderId, paymentId }]) => {
    const { userId, status, total, lines } = await read(`/orders/${orderId}`, OrderAnswer);
    const named = lines.map(({ optionId, unitPrice, quantity }) => ({ sku: skuOf(optionId), unitPrice, quantity }));
    orders.set(key, { userId, status, total, lines: named });
    const payment = await read(`/payments/${paymentId}`, PaymentAnswer);
    payments.set(key, payment);
    if (payment.refunded > 0) {
      for (const refund of await readRefunds(read, paymentId)) {
        const refunded = refund.lines.map(({ optionId, quantity }) => ({ sku: skuOf(optionId), quantity }));
        refunds.push({ key: keys.get(refund.id) ?? refund.id, amount: refund.amount, lines: refunded, restocked: refund.restocked });
      }
    }
    run.progress.tick();
  });
  return { orders, payments, refunds };
}

const pageOf = (path: string, cursor: string | null): string =>
  `${path}?limit=${PAGE_SIZE}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;

async function readRefunds(read: Read, paymentId: string): Promise<Static<typeof RefundPage>['items']> {
  const items: Static<typeof RefundPage>['items'] = [];
  let cursor: string | null = null;
  for (let count = 0; count < REFUND_PAGES_MAX; count += 1) {
    const page: Static<typeof RefundPage> = await read(pageOf(`/payments/${paymentId}/refunds`, cursor), RefundPage);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return items;
}

/**
 * Has the ranking computed anew. It ranks everything sold in its window, so that it says something about this replay
 * only where the server has no other payments, and the window holds all of the replay's.
 */
async function readRanking(run: ReplayRun, ledger: ReplayLedger, read: Read): Promise<ServerBooks['ranking']> {
  const own = new Set([...ledger.orders.values()].map(({ paymentId }) => paymentId));
  let earliest = Number.POSITIVE_INFINITY;
  let cursor: string | null = null;
  for (let seen = 0; seen <= own.size; ) {
    const page: Static<typeof PaymentPage> = await read(pageOf('/payments', cursor), PaymentPage);
    if (page.items.some(({ id }) => !own.has(id))) return { skipped: 'the server has payments that are not of this replay' };
    for (const { paidAt } of page.items) earliest = Math.min(earliest, Date.parse(paidAt));
    seen += page.items.length;
    cursor = page.nextCursor;
    if (cursor === null || page.items.length === 0) break;
  }
  // A refresh that an earlier run asked for would know nothing of this one, so that its key is never used twice.
  const write = { path: '/rankings/refresh', key: `replay-ranking-${crypto.randomUUID()}` };
  const ranking = accepted(await run.client.write(run.staff, write, RankingAnswer), 'POST /rankings/refresh');
  if (earliest < Date.parse(ranking.from)) return { skipped: 'a part of this replay was paid before the window of the ranking' };
  return ranking.items;
}
