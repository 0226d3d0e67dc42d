/** What a replay tells the person who started it, as lines of text. */
import { DIRT_RULES } from './replay.rules.ts';
import type { Difference, DirtKind, ReplayLedger, ReplayPlan, RetailFiles, ServerBooks } from './replay.types.ts';

const DIFFERENCES_SHOWN_MAX = 50;
const UNREADABLE_SHOWN_MAX = 10;
const CLIPPED_LENGTH = 200;

/** How long the phases of a replay took. */
export interface Durations {
  readonly catalogueMs: number;
  readonly customersMs: number;
  readonly reconcileMs: number;
}

const number = (value: number): string => value.toLocaleString('en-GB');

/** Pounds of pence. */
function pounds(pence: number): string {
  const value = Math.abs(pence);
  return `${pence < 0 ? '-' : ''}£${number(Math.floor(value / 100))}.${String(value % 100).padStart(2, '0')}`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const isDirtKind = (kind: string): kind is DirtKind => kind in DIRT_RULES;

/** What the files hold, what of it is dirt and by which rule it is handled, and what the replay will do. */
export function describePlan(plan: ReplayPlan, { unreadable }: RetailFiles): string[] {
  const dropped = plan.rowCount - plan.saleRowCount - plan.cancellationRowCount;
  const guests = plan.customers.filter(({ userId }) => userId.startsWith('guest-')).length;
  const options = plan.products.reduce((sum, product) => sum + product.options.length, 0);
  const sold = plan.orders.reduce((sum, { total }) => sum + total, 0);
  const refunded = plan.refunds.reduce((sum, { amount }) => sum + amount, 0);
  return [
    `rows: ${number(plan.rowCount)} = ${number(plan.saleRowCount)} sold + ${number(plan.cancellationRowCount)} cancelling + ` +
      `${number(dropped)} dropped`,
    'dirt:',
    ...Object.keys(DIRT_RULES)
      .filter(isDirtKind)
      .flatMap((kind) => describeDirt(kind, plan)),
    ...unreadable.slice(0, UNREADABLE_SHOWN_MAX).map(({ where, reason }) => `  ${where}: ${reason}`),
    `plan: ${number(plan.products.length)} products, ${number(options)} options, ` +
      `${number(plan.customers.length)} customers (${number(guests)} guests), ` +
      `${number(plan.books.invoices.size)} invoices in ${number(plan.orders.length)} orders of ${pounds(sold)}, ` +
      `${number(plan.refunds.length)} refunds of ${pounds(refunded)}`,
  ];
}

function describeDirt(kind: DirtKind, plan: ReplayPlan): string[] {
  const found = plan.dirt.get(kind);
  if (!found) return [];
  const { counts, rule } = DIRT_RULES[kind];
  const extent = [...(found.units > 0 ? [`${number(found.units)} units`] : []), ...(found.pence > 0 ? [pounds(found.pence)] : [])];
  return [`  ${number(found.count).padStart(6)} ${counts.padEnd(8)} ${rule}${extent.length > 0 ? ` [${extent.join(', ')}]` : ''}`];
}

/** What was done, and how fast. */
export function describeRun(plan: ReplayPlan, ledger: ReplayLedger, { ranking }: ServerBooks, durations: Durations): string[] {
  const { catalogueMs, customersMs, reconcileMs } = durations;
  const perSecond = ledger.orders.size / Math.max(customersMs / 1000, 0.001);
  return [
    `done: ${number(ledger.products.size)} products, ${number(ledger.options.size)} options, ${number(plan.customers.length)} customers, ` +
      `${number(ledger.orders.size)} orders and payments, ${number(ledger.refunds.size)} refunds`,
    `time: ${seconds(catalogueMs + customersMs + reconcileMs)} (catalogue ${seconds(catalogueMs)}, customers ${seconds(customersMs)}, ` +
      `reconciliation ${seconds(reconcileMs)}); ${perSecond.toFixed(0)} orders and payments per second`,
    'skipped' in ranking
      ? `ranking: NOT compared, for ${ranking.skipped}`
      : `ranking: compared, ${ranking.map(({ name, quantity }) => `${name} (${number(quantity)})`).join(', ')}`,
  ];
}

const clip = (text: string): string => (text.length > CLIPPED_LENGTH ? `${text.slice(0, CLIPPED_LENGTH)}…` : text);

/** The differences, up to a limit, and their number. */
export function describeDifferences(differences: readonly Difference[]): string[] {
  const hidden = differences.length - DIFFERENCES_SHOWN_MAX;
  return [
    ...differences
      .slice(0, DIFFERENCES_SHOWN_MAX)
      .map(({ subject, file, server }) => `difference: ${subject}: file ${clip(file)}, server ${clip(server)}`),
    ...(hidden > 0 ? [`… and ${number(hidden)} more`] : []),
    `differences: ${number(differences.length)}`,
  ];
}
