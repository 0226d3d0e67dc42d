/** The shop against a model of it that shares no code with it: the same commands, the same answers, the same state in the end. */
import fc from 'fast-check';
import { prove } from '../support/proof.ts';
import { READS, WRITES } from './asks.ts';
import { createLane } from './lane.ts';
import { type Step, sequencesOf } from './steps.ts';

const COMMANDS = 40;
/** Most of a sequence's time is waiting: for the database, and for the sweep of expired orders. */
const LANES = 6;
/** How long a sequence that failed is made smaller. */
const SHRINK_MS = 60_000;

/** Those that even a short run meets many times. */
const MAIN_REFUSALS = [
  'COUPON_ALREADY_ISSUED',
  'COUPON_EXPIRED',
  'FORBIDDEN',
  'ORDER_ALREADY_PAID',
  'ORDER_EXPIRED',
  'ORDER_NOT_CANCELLABLE',
  'ORDER_NOT_FOUND',
  'OUT_OF_STOCK',
  'PAYMENT_NOT_FOUND',
  'PURCHASE_LIMIT_EXCEEDED',
  'REFUND_EXCEEDS_PAYMENT',
  'UNAUTHENTICATED',
];

const REFUSALS = [
  ...MAIN_REFUSALS,
  'BALANCE_LIMIT_EXCEEDED',
  'CHARGE_LIMIT_EXCEEDED',
  'COUPON_BELOW_ISSUED',
  'COUPON_INVALID belowMinimum',
  'COUPON_INVALID expired',
  'COUPON_INVALID held',
  'COUPON_INVALID notFound',
  'COUPON_INVALID used',
  'COUPON_NOT_FOUND',
  'COUPON_NOT_STARTED',
  'COUPON_SOLD_OUT',
  'IDEMPOTENCY_KEY_REUSED',
  'INSUFFICIENT_BALANCE',
  'INVALID_CHARGE_AMOUNT',
  'OPTION_NOT_FOR_SALE',
  'OPTION_NOT_FOUND',
  'ORDER_CANCELLED',
  'ORDER_TOTAL_TOO_LARGE',
  'PRODUCT_NOT_FOUND',
  'REFERENCE_REUSED',
  'SKU_TAKEN',
  'STOCK_BELOW_RESERVED',
  'TOO_MANY_PENDING_ORDERS',
  'VALIDATION_FAILED',
];

/** What has to occur, or the sequences say less than they seem to. */
function expectedIn(isLong: boolean): string[] {
  const commands = (isLong ? [...READS, ...WRITES] : WRITES).map((name) => `command ${name}`);
  const refusals = (isLong ? REFUSALS : MAIN_REFUSALS).map((code) => `refusal ${code}`);
  return [...commands, 'command wait', 'replay', ...refusals];
}

const LONG = 2000;

prove(
  'the shop answers as its model does',
  {
    promise: 'The shop does what its contract says, answer by answer and in the end',
    how: `random sequences of ${COMMANDS} commands over HTTP, against a sequential model written from the contract, and the audit after each`,
    unit: `sequences of ${COMMANDS} commands`,
    short: 25,
    long: LONG,
  },
  async ({ tries, seed }) => {
    const counts = new Map<string, number>();
    const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
    await inLanes(tries, seed, count);
    process.stdout.write(`${tableOf(counts)}
`);
    const missing = expectedIn(tries >= LONG).filter((name) => !counts.has(name));
    if (missing.length > 0) throw new Error(`never tried: ${missing.join(', ')}`);
    return { tries, note: noteOf(counts) };
  },
);

/** Stops all lanes at the first failure of one. */
async function inLanes(tries: number, seed: number, count: (name: string) => void): Promise<void> {
  const running = { failedLane: -1, failedAtMs: Number.POSITIVE_INFINITY };
  const runLane = async (index: number): Promise<void> => {
    const lane = createLane(count);
    const run = async (steps: (Step | null)[]): Promise<void> => {
      const isOfOther = running.failedLane !== -1 && running.failedLane !== index;
      if (isOfOther || Date.now() - running.failedAtMs > SHRINK_MS) return;
      try {
        await lane.run(steps);
      } catch (error) {
        running.failedLane = index;
        running.failedAtMs = Math.min(running.failedAtMs, Date.now());
        throw error;
      }
    };
    const numRuns = Math.floor((tries + index) / LANES);
    const property = fc.asyncProperty(sequencesOf(COMMANDS), run);
    try {
      await fc.assert(property, { numRuns, seed: seed + index, includeErrorInReport: true });
    } catch (error) {
      // What the last audit finds too says less than the sequence that led there.
      await lane.close().catch(() => undefined);
      throw error;
    }
    await lane.close();
  };
  const results = await Promise.allSettled(Array.from({ length: LANES }, (_, index) => runLane(index)));
  const failed = results[running.failedLane];
  for (const result of failed === undefined ? results : [failed, ...results]) if (result.status === 'rejected') throw result.reason;
}

/** How often each command and each refusal occurred. */
function tableOf(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, times]) => `${String(times).padStart(7)} ${name}`)
    .join('\n');
}

function noteOf(counts: ReadonlyMap<string, number>): string {
  const sumOf = (prefix: string): number => [...counts].reduce((sum, [name, times]) => (name.startsWith(prefix) ? sum + times : sum), 0);
  const kinds = (prefix: string): number => [...counts.keys()].filter((name) => name.startsWith(prefix)).length;
  const rest = `${counts.get('replay') ?? 0} replays by key`;
  return `${sumOf('command ')} commands of ${kinds('command ')} kinds, ${sumOf('refusal ')} refusals of ${kinds('refusal ')} kinds, ${rest}`;
}
