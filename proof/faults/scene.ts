/** A shop, and a server whose wire to the same database fails at a given call; who asks there repeats until there is an answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { audit } from '../../server/src/audit/audit.ts';
import type { Answered, Caller } from '../../server/test/support/caller.ts';
import type { CallFault, Proxy } from '../../server/test/support/fault-proxy.ts';
import { serveThrough } from '../../server/test/support/fault-server.ts';
import { tag } from '../../server/test/support/goods.ts';
import { verdict } from '../../server/test/support/refusal.ts';
import { openShop, type Shop } from '../../server/test/support/shop.ts';
import { changes, type Effects, standing } from './effects.ts';
import { type Write, writeOf } from './writes.ts';

/** A shop whose own clock makes nothing of its own while it is looked at. */
export const UNDISTURBED = { maxPendingOrders: 1_000_000, orderTtlSeconds: 86_400, rankCron: '0 0 1 1 *' };

/** What is expected of every write. */
export const ONE_EFFECT =
  'its client repeats with the key until it is answered: exactly one effect, the same answer again, and books that balance';

/** A server behind a wire. */
export interface Behind {
  readonly proxy: Proxy;
  /** The caller, whose requests go to this server. */
  at(caller: Caller): Caller;
  /** Ends the server in this very moment; it is there again when somebody asks the next time. */
  readonly kill?: () => void;
  /** Resolves when the server can be asked. */
  ready(): Promise<void>;
}

/** One write with a fault at one of its calls. */
export interface Case {
  readonly route: string;
  /** The first is 1. */
  readonly call: number;
  readonly fault: CallFault;
}

/** What a write does, and by which calls, where nothing fails. */
export interface Undisturbed {
  readonly calls: readonly string[];
  readonly effects: Effects;
}

const ASKED_MAX = 40;
const PAUSE_MS = 20;
const TURNED_AWAY = ['503 OVERLOADED', '503 OUTCOME_UNKNOWN'];

/** Opens the shop; the audit at its end is part of what is expected. */
export async function openUndisturbed(): Promise<Shop> {
  const shop = await openShop(UNDISTURBED);
  onTestFinished(() => shop.close());
  return shop;
}

/** A server in this process, which answers requests only. */
export async function behindWire(shop: Shop): Promise<Behind> {
  const server = await serveThrough(shop.target, { overrides: UNDISTURBED, requestsOnly: true });
  onTestFinished(() => server.close());
  return { proxy: server.proxy, at: server.at, ready: async () => undefined };
}

function send({ caller, method, ask }: Write, behind: Behind, key: string): Promise<Answered | null> {
  const { path, body, csv } = ask;
  const options = csv === undefined ? { key } : { key, raw: csv, headers: { 'content-type': 'text/csv' } };
  return behind
    .at(caller)
    .call(method, path, body, options)
    .catch(() => null);
}

/** What a client was told until it was answered: null where the connection was lost. */
async function askUntilAnswered(write: Write, behind: Behind, key: string): Promise<(Answered | null)[]> {
  const told: (Answered | null)[] = [];
  while (told.length < ASKED_MAX) {
    await behind.ready();
    const answer = await send(write, behind, key);
    told.push(answer);
    if (answer !== null && answer.status < 500) return told;
    await delay(PAUSE_MS);
  }
  return told;
}

const isReplayed = ({ headers }: Answered): boolean => headers.get('idempotent-replayed') === 'true';

/** Does the write with no fault, and gives what it does. Done twice, so that connections are open and statements prepared. */
export async function undisturbed(shop: Shop, behind: Behind, route: string): Promise<Undisturbed> {
  await done(shop, behind, route);
  return done(shop, behind, route);
}

async function done(shop: Shop, behind: Behind, route: string): Promise<Undisturbed> {
  const write = await writeOf(shop, route);
  const before = await standing(shop);
  const watch = behind.proxy.watch();
  const answer = await send(write, behind, tag());
  const calls = [...watch.calls];
  expect(answer === null ? 'lost' : verdict(answer), route).toMatch(/^2\d\d$/);
  const effects = changes(before, await standing(shop));
  await tidy(shop);
  return { calls, effects };
}

/** Destinations have a limit, and are part of no sum. */
async function tidy(shop: Shop): Promise<void> {
  await shop.database.readers.query("DELETE FROM destination WHERE name LIKE 'to-%'");
}

/** Does the write with the fault; expects one effect in the end, and one answer that is the same when asked for again. */
export async function tryCase(shop: Shop, behind: Behind, { route, call, fault }: Case, usual: Undisturbed): Promise<boolean> {
  const what = `${route}: ${fault} at call ${call} of ${usual.calls.length} (${usual.calls[call - 1]})`;
  const write = await writeOf(shop, route);
  const before = await standing(shop);
  const key = tag();
  const { kill } = behind;
  const watch = behind.proxy.watch({ at: call, fault, ...(kill === undefined ? {} : { onStrike: kill }) });
  const told = await askUntilAnswered(write, behind, key);
  const isStruck = watch.struck();
  const story = `${what}: ${told.map((each) => (each === null ? 'lost' : verdict(each))).join(', ')}`;
  behind.proxy.watch();
  behind.proxy.thaw();

  const last = told.at(-1) ?? null;
  if (last === null || last.status >= 300) throw new Error(`not answered: ${story} ${JSON.stringify(last?.body)}`);
  for (const each of told.slice(0, -1)) {
    if (each === null) continue;
    expect(TURNED_AWAY, story).toContain(verdict(each));
    expect(each.headers.get('retry-after'), story).toMatch(/^\d+$/);
  }
  // Who is told that nothing happened must not learn later that it had.
  const mayBeDone = told.slice(0, -1).some((each) => each === null || verdict(each) === '503 OUTCOME_UNKNOWN');
  if (!mayBeDone) expect(isReplayed(last), story).toBe(false);

  await behind.ready();
  const again = await send(write, behind, key);
  expect([again?.status, again?.body, again === null ? null : isReplayed(again)], story).toEqual([last.status, last.body, true]);
  expect(changes(before, await standing(shop)), story).toEqual(usual.effects);
  await tidy(shop);
  return isStruck;
}

/** Expects what the audit recomputes to be what is there. */
export async function expectClean(shop: Shop, after: string): Promise<void> {
  expect(await audit(shop.database), `the audit after ${after}`).toEqual([]);
}
