/** Brings a batch to its end: a bounded number of attempts, then its answers, or it is split, or it is turned away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../kernel/assert.ts';
import { type Attempt, attemptBatch, type BatchEnvironment, type Verdict } from './batch.ts';
import type { CommitMetrics } from './commit.metrics.ts';
import type { WriteFlow } from './commit.types.ts';
import { type Entry, failUnknown, type Overload } from './entry.ts';

const ATTEMPTS_MAX = 5;
const JITTER_MS = 20;
const ANSWERED_A_TURN_MAX = 16;

/** What settling needs of its queue; `onError` hears of errors that no caller's mistake explains. */
export interface Settling<Command, State> {
  readonly flow: WriteFlow<Command, State>;
  readonly environment: BatchEnvironment;
  readonly metrics: CommitMetrics;
  readonly overload: Overload<Command>;
  readonly onError: (error: unknown, queue: string) => void;
}

/** Resolves when every entry of the batch is settled. */
export async function settleBatch<Command, State>(settling: Settling<Command, State>, batch: readonly Entry<Command>[]): Promise<void> {
  const { flow, overload, onError } = settling;
  const attempt = await attemptRepeatedly(settling, batch);
  switch (attempt.kind) {
    case 'settled':
      answer(batch, attempt.verdicts);
      return;
    case 'rerun':
      overload(batch, attempt.reason);
      return;
    case 'unavailable':
      onError(attempt.error, flow.name);
      overload(batch, 'database');
      return;
    case 'unknown':
      failUnknown(batch);
      return;
    case 'conflict':
    case 'command':
      await splitAround(settling, batch, attempt.error);
  }
}

/**
 * Answers some callers in each turn of the event loop. To write all answers at once would keep the next batch, which has its locks by now,
 * waiting for as long as that takes.
 */
function answer<Command>(batch: readonly Entry<Command>[], verdicts: readonly Verdict[], from = 0): void {
  const until = Math.min(from + ANSWERED_A_TURN_MAX, batch.length);
  for (let index = from; index < until; index += 1) batch[index]?.settle(present(verdicts[index], 'a verdict'));
  if (until < batch.length) setImmediate(() => answer(batch, verdicts, until));
}

async function attemptRepeatedly<Command, State>(
  { flow, environment, metrics }: Settling<Command, State>,
  batch: readonly Entry<Command>[],
): Promise<Attempt> {
  let attempt = await attemptBatch(flow, batch, environment);
  for (let count = 2; count <= ATTEMPTS_MAX && (attempt.kind === 'rerun' || attempt.kind === 'conflict'); count += 1) {
    metrics.rerun.inc({ queue: flow.name, reason: attempt.kind === 'rerun' ? attempt.reason : attempt.kind });
    await sleep(Math.random() * JITTER_MS * count);
    attempt = await attemptBatch(flow, batch, environment);
  }
  return attempt;
}

/** Halves the batch until the command that PostgreSQL or a rule chokes on stands alone; its neighbours go on. */
async function splitAround<Command, State>(
  settling: Settling<Command, State>,
  batch: readonly Entry<Command>[],
  error: unknown,
): Promise<void> {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    settling.onError(error, settling.flow.name);
    only.fail(error);
    return;
  }
  settling.metrics.split.inc({ queue: settling.flow.name });
  const middle = Math.ceil(batch.length / 2);
  await settleBatch(settling, batch.slice(0, middle));
  await settleBatch(settling, batch.slice(middle));
}
