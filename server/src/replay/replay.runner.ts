/**
 * Carries a plan out through the public API: staff puts up the catalogue and charges the balances, then every customer
 * orders and pays in the order of the files, and staff refunds. Customers run beside each other, a customer's own steps
 * one after the other.
 *
 * Every write has a key made of the content of the files, so that a replay that was interrupted is continued by
 * repeating it: what was done is answered again, the rest is done.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Static } from 'typebox';
import { present } from '../kernel/assert.ts';
import { type Actor, type Answer, accepted, describeProblem, forEachOf, type Problem, type ReplayClient } from './replay.client.ts';
import type { Progress } from './replay.progress.ts';
import { ChargeAnswer, OptionAnswer, OrderAnswer, PaymentAnswer, ProductAnswer, RefundAnswer } from './replay.schemas.ts';
import {
  type PlannedCustomer,
  type PlannedLine,
  type PlannedOption,
  type PlannedOrder,
  type PlannedProduct,
  type PlannedRefund,
  ReplayError,
  type ReplayLedger,
  type ReplayPlan,
} from './replay.types.ts';

const INLINE_OPTIONS_MAX = 100;
/** A charge above the server's limit is halved so often at most: into 1,024 charges. */
const CHARGE_HALVINGS_MAX = 10;
/** An order that expired before it was paid, as an interrupted replay may leave it, is placed again. */
const ORDER_ATTEMPTS_MAX = 3;
/** What an expired order held is for sale again within five seconds. */
const STOCK_ATTEMPTS_MAX = 10;
const STOCK_WAIT_MS = 1_000;

/** What a run works with; `concurrency` is how many products or customers are under way at once. */
export interface ReplayRun {
  readonly plan: ReplayPlan;
  readonly client: ReplayClient;
  readonly staff: Actor;
  readonly customerOf: (userId: string) => Actor;
  readonly concurrency: number;
  readonly progress: Progress;
}

type Context = ReplayRun & { readonly ledger: ReplayLedger };

/** Makes the Idempotency-Key of a write, of the files' digest and what the write is about. */
function keyOf(digest: string, kind: string, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify([digest, kind, ...parts]));
  return `replay-${kind}-${hash.digest('hex').slice(0, 40)}`;
}

/** Puts up all products with their options and first stock. */
export async function putUpCatalogue(run: ReplayRun, ledger: ReplayLedger): Promise<void> {
  run.progress.start('catalogue', run.plan.products.length);
  await forEachOf(run.plan.products, run.concurrency, async (product) => {
    await putUpProduct({ ...run, ledger }, product);
    run.progress.tick();
  });
  run.progress.stop();
}

/** Charges, orders, pays and refunds for all customers. A refusal ends the part of its customer and goes into the ledger. */
export async function serveCustomers(run: ReplayRun, ledger: ReplayLedger): Promise<void> {
  const { plan, concurrency, progress } = run;
  progress.start('customers', plan.customers.length + plan.orders.length + plan.refunds.length);
  await forEachOf(plan.customers, concurrency, (customer) => serveCustomer({ ...run, ledger }, customer));
  progress.stop();
}

const optionBody = ({ sku, name, price, stock }: PlannedOption) => ({ sku, name, price, stock });

async function putUpProduct({ plan, client, staff, ledger }: Context, { code, name, options }: PlannedProduct): Promise<void> {
  const write = {
    path: '/products',
    key: keyOf(plan.digest, 'product', code),
    body: { name, options: options.slice(0, INLINE_OPTIONS_MAX).map(optionBody) },
  };
  const answer = await client.write(staff, write, ProductAnswer);
  if (!answer.ok && answer.problem.code === 'SKU_TAKEN') {
    throw new ReplayError(
      `the server has products with the SKUs of ${code} already: ` +
        'these files, or others with the same stock codes, were replayed to it before',
    );
  }
  const product = accepted(answer, `product ${code}`);
  ledger.products.set(code, product.id);
  for (const option of product.options) ledger.options.set(option.sku, option.id);
  for (const option of options.slice(INLINE_OPTIONS_MAX)) {
    const path = `/products/${product.id}/options`;
    const added = await client.write(
      staff,
      { path, key: keyOf(plan.digest, 'option', option.sku), body: optionBody(option) },
      OptionAnswer,
    );
    ledger.options.set(option.sku, accepted(added, `option ${option.sku}`).id);
  }
  const missing = options.find(({ sku }) => !ledger.options.has(sku));
  if (missing) throw new ReplayError(`the server's answer to product ${code} lacks the option ${missing.sku}`);
}

async function serveCustomer(context: Context, { userId, charge, steps }: PlannedCustomer): Promise<void> {
  const { ledger, progress } = context;
  const customer = context.customerOf(userId);
  const fail = (subject: string, problem: Problem): void => {
    ledger.failures.push({ subject, file: 'accepted', server: describeProblem(problem) });
  };
  const refused = await chargeBalance(context, userId, charge, '1');
  if (refused) return fail(`charge of ${charge} for customer ${userId}`, refused);
  progress.tick();
  for (const step of steps) {
    const problem = step.kind === 'order' ? await placeAndPay(context, customer, step) : await refund(context, step);
    if (problem) return fail(`${step.kind} ${step.key}`, problem);
    progress.tick();
  }
  return undefined;
}

/** Charges a balance, in halves where the server's limit asks for it; `part` names the half, such as `1.2`. */
async function chargeBalance(context: Context, userId: string, amount: number, part: string): Promise<Problem | null> {
  const { plan, client, staff } = context;
  const key = keyOf(plan.digest, 'charge', userId, part);
  const answer = await client.write(staff, { path: '/balance/charge', key, body: { amount, reference: key, userId } }, ChargeAnswer);
  if (answer.ok) return null;
  const halvings = part.split('.').length - 1;
  if (answer.problem.code !== 'CHARGE_LIMIT_EXCEEDED' || amount < 2 || halvings === CHARGE_HALVINGS_MAX) return answer.problem;
  const half = Math.floor(amount / 2);
  return (await chargeBalance(context, userId, half, `${part}.1`)) ?? (await chargeBalance(context, userId, amount - half, `${part}.2`));
}

async function placeAndPay(context: Context, customer: Actor, order: PlannedOrder): Promise<Problem | null> {
  const { plan, client, ledger } = context;
  for (let attempt = 1; ; attempt += 1) {
    const placed = await placeOrder(context, customer, order, attempt);
    if (!placed.ok) return placed.problem;
    const orderId = placed.value.id;
    const key = keyOf(plan.digest, 'payment', order.key, attempt);
    const paid = await client.write(customer, { path: '/payments', key, body: { orderId } }, PaymentAnswer);
    if (paid.ok) {
      ledger.orders.set(order.key, { orderId, paymentId: paid.value.id });
      return null;
    }
    if (paid.problem.code !== 'ORDER_EXPIRED' || attempt === ORDER_ATTEMPTS_MAX) return paid.problem;
  }
}

/** Places an order. Stock is exactly what the files sell, so that it can only lack while an expired order still holds it. */
async function placeOrder(
  { plan, client, ledger }: Context,
  customer: Actor,
  order: PlannedOrder,
  attempt: number,
): Promise<Answer<Static<typeof OrderAnswer>>> {
  const key = keyOf(plan.digest, 'order', order.key, attempt);
  const write = { path: '/orders', key, body: { lines: order.lines.map((line) => lineBody(ledger, line)) } };
  for (let count = 1; ; count += 1) {
    const answer = await client.write(customer, write, OrderAnswer);
    if (answer.ok || answer.problem.code !== 'OUT_OF_STOCK' || count === STOCK_ATTEMPTS_MAX) return answer;
    await sleep(STOCK_WAIT_MS);
  }
}

async function refund({ plan, client, staff, ledger }: Context, planned: PlannedRefund): Promise<Problem | null> {
  const { paymentId } = present(ledger.orders.get(planned.orderKey), `the payment of ${planned.orderKey}`);
  const body = {
    lines: planned.lines.map((line) => lineBody(ledger, line)),
    restock: true,
    reason: `cancellation ${planned.cancellation}`,
  };
  const key = keyOf(plan.digest, 'refund', planned.key);
  const answer = await client.write(staff, { path: `/payments/${paymentId}/refunds`, key, body }, RefundAnswer);
  if (!answer.ok) return answer.problem;
  ledger.refunds.set(planned.key, answer.value.id);
  return null;
}

function lineBody(ledger: ReplayLedger, { sku, quantity }: PlannedLine): { optionId: string; quantity: number } {
  return { optionId: present(ledger.options.get(sku), `the option ${sku}`), quantity };
}
