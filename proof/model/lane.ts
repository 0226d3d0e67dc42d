/** Sequences one after the other, many to a shop: each has users and goods of its own. */
import { createTokenMinter } from '../../server/src/http/auth.ts';
import { type Caller, createCaller } from '../../server/test/support/caller.ts';
import { openShop, type Shop, TEST_SECRET } from '../../server/test/support/shop.ts';
import { readAll } from './reads.ts';
import { play } from './sequence.ts';
import type { Scene, Step } from './steps.ts';
import { type Actor, MAX_BALANCE, MAX_CHARGE, MAX_PENDING_ORDERS, newWorld, ORDER_TICKS, TICK_MS, type World } from './world.ts';

/** Few enough for a quick audit. */
const SEQUENCES_A_SHOP = 50;
/** The ranking's model needs a shop that is younger than a tick. */
const SHOP_AGE_MS = TICK_MS / 2;
const TOKEN_TTL_SECONDS = 36_000;

interface Open {
  readonly shop: Shop;
  readonly openedAtMs: number;
  readonly past: { world: World; fromTick: number }[];
  movedMs: number;
}

export interface Lane {
  /** @throws where the shop and the model differ. */
  run(steps: readonly (Step | null)[]): Promise<void>;
  close(): Promise<void>;
}

const mint = createTokenMinter({ secret: TEST_SECRET, issuer: null, audience: null });

async function callerOf({ baseUrl }: Shop, { userId, role }: Actor): Promise<Caller> {
  if (role === 'stranger') return createCaller(baseUrl, userId, null);
  const claims = role === 'staff' ? ({ role } as const) : {};
  return createCaller(baseUrl, userId, await mint({ sub: userId, ttlSeconds: TOKEN_TTL_SECONDS, ...claims }));
}

async function open(): Promise<Open> {
  const limits = { maxCharge: MAX_CHARGE, maxBalance: MAX_BALANCE, maxPendingOrders: MAX_PENDING_ORDERS };
  const shop = await openShop({ ...limits, orderTtlSeconds: (ORDER_TICKS * TICK_MS) / 1000 });
  return { shop, openedAtMs: Date.now(), past: [], movedMs: 0 };
}

const isWorn = ({ past, openedAtMs }: Open): boolean => past.length >= SEQUENCES_A_SHOP || Date.now() - openedAtMs > SHOP_AGE_MS;

export function createLane(count: (name: string) => void): Lane {
  let current: Open | null = null;
  let begun = 0;
  const close = async (): Promise<void> => {
    const closing = current;
    current = null;
    await closing?.shop.close();
  };
  return {
    close,
    run: async (steps) => {
      if (current !== null && isWorn(current)) await close();
      current ??= await open();
      begun += 1;
      await runIn(current, `s${begun}x`, steps, count);
    },
  };
}

async function runIn(opened: Open, tag: string, steps: readonly (Step | null)[], count: (name: string) => void): Promise<void> {
  const { shop, past } = opened;
  const nowMs = (): number => Date.now() + opened.movedMs;
  const customer = (name: string): Actor => ({ userId: `${tag}-${name}`, role: 'customer' });
  const scene: Scene = {
    tag,
    customers: [customer('a'), customer('b')],
    staff: { userId: `${tag}-staff`, role: 'staff' },
    stranger: { userId: 'stranger', role: 'stranger' },
    world: newWorld(),
    startMs: nowMs(),
  };
  past.push({ world: scene.world, fromTick: opened.movedMs / TICK_MS });
  const actors = [...scene.customers, scene.staff, scene.stranger];
  const callers = new Map(await Promise.all(actors.map(async (actor) => [actor.userId, await callerOf(shop, actor)] as const)));
  const moveClock = (ms: number): void => {
    opened.movedMs += ms;
    shop.moveClock(ms);
  };
  await play({ callers, scene, nowMs, moveClock, count }, steps, (reading) => readAll(reading, scene, callers, past));
}
