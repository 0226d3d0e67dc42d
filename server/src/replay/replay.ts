/**
 * `openrun replay FILE.csv…`: feeds retail exports through the public API of a running server, as real customers
 * would, and reconciles file and server in the end. See `docs/replay.md`.
 */
import { accepted, createActor, createReplayClient, type MintToken } from './replay.client.ts';
import { readRetailFiles } from './replay.csv.ts';
import { createProgress } from './replay.progress.ts';
import { reconcile } from './replay.reconcile.rules.ts';
import { readBooks } from './replay.reconcile.ts';
import { describeDifferences, describePlan, describeRun } from './replay.report.ts';
import { planReplay } from './replay.rules.ts';
import { putUpCatalogue, type ReplayRun, serveCustomers } from './replay.runner.ts';
import { BalanceAnswer } from './replay.schemas.ts';
import { ReplayError, type ReplayLedger } from './replay.types.ts';

/** The exports' prices are pounds; the unit of the server must be their pence. */
const CURRENCY = 'GBP';
const STAFF = 'replay-staff';
const CONCURRENCY_MAX = 1_000;

export interface ReplayOptions {
  readonly files: readonly string[];
  /** Where the server answers, such as `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** Makes a token that the server accepts, for at least two minutes. */
  readonly mintToken: MintToken;
  /** How many customers are under way at once. */
  readonly concurrency: number;
  readonly out: NodeJS.WritableStream;
}

/**
 * Replays `files` and gives the number of differences between file and server, all of which it has written to `out`
 * up to a limit. Throws {@link ReplayError} where the replay cannot be carried out at all.
 */
export async function replay({ files, baseUrl, mintToken, concurrency, out }: ReplayOptions): Promise<{ differences: number }> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
    throw new ReplayError(`the concurrency must be 1 to ${CONCURRENCY_MAX}`);
  }
  const write = (lines: readonly string[]): unknown => out.write(`${lines.join('\n')}\n`);
  const client = createReplayClient(baseUrl);
  const staff = createActor(mintToken, STAFF, 'staff');
  const content = await readRetailFiles(files);
  const plan = planReplay(content);
  write(describePlan(plan, content));

  const { currency } = accepted(await client.read(staff, '/balance', BalanceAnswer), 'GET /balance');
  if (currency !== CURRENCY) {
    throw new ReplayError(`the server's currency is ${currency}; the files are in ${CURRENCY}: start the server with CURRENCY=${CURRENCY}`);
  }
  const customerOf = (userId: string) => createActor(mintToken, userId);
  const run: ReplayRun = { plan, client, staff, customerOf, concurrency, progress: createProgress(out) };
  const ledger: ReplayLedger = { products: new Map(), options: new Map(), orders: new Map(), refunds: new Map(), failures: [] };
  const startedAt = performance.now();
  await putUpCatalogue(run, ledger);
  const openedAt = performance.now();
  await serveCustomers(run, ledger);
  const servedAt = performance.now();
  const server = await readBooks(run, ledger);
  const differences = reconcile(plan, ledger, server);
  const endedAt = performance.now();

  const durations = { catalogueMs: openedAt - startedAt, customersMs: servedAt - openedAt, reconcileMs: endedAt - servedAt };
  write(describeRun(plan, ledger, server, durations));
  write(describeDifferences(differences));
  return { differences: differences.length };
}
