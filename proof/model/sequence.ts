/** Runs one sequence of commands through the model and the shop, and compares every answer. */
import { setTimeout } from 'node:timers/promises';
import type { Answered, Caller } from '../../server/test/support/caller.ts';
import { extrasOf } from '../../server/test/support/refusal.ts';
import { answerOf, isOfWhatIsHeld, isRead, type Keys, type Request, scopeOf, wireOf } from './asks.ts';
import { differenceOf, type UnderWay } from './learned.ts';
import { type Asking, actorOf, askOf, momentOf, type Scene, type Step } from './steps.ts';
import { type Actor, type Option, type Order, reservedOf, statusOf, TICK_MS } from './world.ts';

/** What a sequence needs of the machine around it. */
export interface Stage {
  readonly callers: ReadonlyMap<string, Caller>;
  readonly scene: Scene;
  /** The server's time, in milliseconds. */
  nowMs(): number;
  moveClock(ms: number): void;
  /** Counts an occurrence of what has this name. */
  count(name: string): void;
}

interface Running extends Stage {
  readonly keys: Keys;
  /** The writes that had a key. */
  readonly keyed: Request[];
  readonly log: string[];
  /** How often keys were forgotten, and when they will be next. */
  generation: number;
  forgetTick: number;
  /** Orders that expired, and whose stock the server may not have let go of yet. */
  unswept: Order[];
}

/** Keys are remembered for at least 24 hours; after that the server may do either. */
const KEPT_TICKS = 120;
const SWEEP_MS = 15_000;
const POLL_MS = 25;
/** The server's time has whole milliseconds, and a step of the machine's clock is forgiven. */
const CLOCK_MS = 20;

/** @throws with the requests and answers so far, at the first answer that is not the model's. */
export async function play(stage: Stage, steps: readonly (Step | null)[], finish: (ask: Reading) => Promise<void>): Promise<void> {
  const running: Running = { ...stage, keys: new Map(), keyed: [], log: [], generation: 0, forgetTick: KEPT_TICKS, unswept: [] };
  try {
    for (const request of openingOf(stage.scene)) await perform(running, request());
    for (const step of steps) if (step !== null) await take(running, step);
    await settle(running);
    await finish({
      ask: (request) => perform(running, request),
      expect: (what, expected, actual) => expectSame(what, expected, actual, sinceStart(running)),
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${running.log.join('\n')}`, { cause: error });
  }
}

/** The time of a charge's entry is first seen by the reads at the end. */
function sinceStart(running: Running): UnderWay {
  return { fromMs: running.scene.startMs, toMs: running.nowMs() + CLOCK_MS };
}

/** What the reads at the end are made with. */
export interface Reading {
  ask(request: Request): Promise<void>;
  expect(what: string, expected: unknown, actual: unknown): void;
}

/** Something to sell, a coupon, and money to begin with. */
function openingOf(scene: Scene): (() => Request)[] {
  const { tag, staff, customers } = scene;
  const by = (actor: Actor, ask: Request['ask']): Request => ({ actor, ask, key: null, isSpoiled: false });
  const goods = [
    { sku: `${tag}-0`, name: 'dear', price: 1000, stock: 30 },
    { sku: `${tag}-1`, name: 'odd', price: 333, stock: 20 },
    { sku: `${tag}-2`, name: 'rare', price: 7, stock: 9, maxPerUser: 5 },
  ];
  const discount = { type: 'percent', percent: 15 } as const;
  const coupon = { name: `${tag} first`, discount, quantity: 3, expiresAt: momentOf(scene, 8) };
  return [
    () => by(staff, { do: 'createProduct', body: { name: `${tag} goods`, options: goods } }),
    () => by(staff, { do: 'createCoupon', body: coupon }),
    ...customers.map((customer, index) => () => by(customer, { do: 'charge', body: { amount: 9000 - index * 8000 } })),
  ];
}

async function take(running: Running, step: Step): Promise<void> {
  const { keyed } = running;
  if ('wait' in step) return wait(running, step.wait);
  if ('again' in step) {
    const request = keyed[keyed.length - 1 - step.again];
    return request === undefined ? undefined : perform(running, request);
  }
  const request = requestOf(running, step);
  if (scopeOf(request) !== null) keyed.push(request);
  running.count(`command ${request.ask.do}`);
  return perform(running, request);
}

function requestOf({ scene, generation }: Running, asking: Asking): Request {
  const actor = actorOf(scene, asking);
  const { key, isSpoiled } = asking;
  const ask = askOf(scene, asking, actor);
  return { actor, ask, key: key === null ? null : `${scene.tag}-${generation}-${key}`, isSpoiled };
}

function wait(running: Running, ticks: number): void {
  const { world } = running.scene;
  const open = world.orders.filter((order) => statusOf(world, order) === 'pending');
  world.tick += ticks;
  running.moveClock(ticks * TICK_MS);
  running.unswept.push(...open.filter((order) => statusOf(world, order) === 'expired'));
  running.log.push(`      ${ticks * (TICK_MS / 60_000)} minutes later`);
  running.count('command wait');
  if (world.tick < running.forgetTick) return;
  running.generation += 1;
  running.forgetTick = world.tick + KEPT_TICKS;
  running.keyed.length = 0;
}

/** Waits until what expired orders held is for sale again; how long that takes is no part of the model, but that it ends is. */
async function settle(running: Running): Promise<void> {
  const { scene, callers } = running;
  const orders = running.unswept.splice(0);
  if (orders.length === 0) return;
  const staff = callers.get(scene.staff.userId);
  const wanted = new Map(orders.flatMap(({ lines }) => lines.map(({ option }) => [option.id.value, option] as const)));
  const endMs = Date.now() + SWEEP_MS;
  for (const option of wanted.values()) {
    while ((await reservedNow(staff, option)) !== reservedOf(scene.world, option)) {
      if (Date.now() > endMs) throw new Error(`what expired orders held of ${option.id.value} is not for sale again`);
      await pause();
    }
  }
  // The batch that let go is seen by others a moment before the server has its answer.
  await pause();
}

const pause = (): Promise<void> => setTimeout(POLL_MS);

async function reservedNow(staff: Caller | undefined, option: Option): Promise<number | undefined> {
  const answered = await staff?.get(`/products/${option.product.id.value}`);
  return answered?.body.options.find(({ id }) => id === option.id.value)?.reserved;
}

async function perform(running: Running, request: Request): Promise<void> {
  const { scene, callers, keys } = running;
  if (isOfWhatIsHeld(request.ask)) await settle(running);
  const { expected, isReplay } = answerOf(scene.world, keys, request);
  const { method, path, body } = wireOf(request);
  const caller = callers.get(request.actor.userId);
  if (caller === undefined) throw new Error(`${request.actor.userId} is not in the shop`);
  const fromMs = running.nowMs() - CLOCK_MS;
  const answered = await caller.call(method, path, body, request.key === null ? {} : { key: request.key });
  const underWay = { fromMs, toMs: running.nowMs() + CLOCK_MS };
  const what = `${request.actor.role} ${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}${request.key === null ? '' : ` key ${request.key}`}`;
  running.log.push(`${what}\n    ${answered.status} ${JSON.stringify(answered.body)}`);
  count(running, answered, isReplay);
  const verdict = (status: number, code: unknown): string => `${status} ${String(code)}`;
  const isRefused = answered.status >= 400;
  expectSame(
    `${what}: verdict`,
    verdict(expected.status, expected.code),
    verdict(answered.status, isRefused ? answered.body.code : null),
    underWay,
  );
  const isReplayed = answered.headers.get('idempotent-replayed') === 'true';
  expectSame(`${what}: replayed`, isReplay, isReplayed, underWay);
  if (isReplay) expectSame(`${what}: letter by letter`, JSON.stringify(expected.body), JSON.stringify(answered.body), underWay);
  // What is wrong with a body is said in words.
  if (expected.code === 'VALIDATION_FAILED') return;
  expectSame(`${what}: answer`, expected.body, isRefused ? extrasOf(answered) : answered.body, underWay);
  const scope = scopeOf(request);
  if (scope === null || isRefused || isReplay || isRead(request.ask)) return;
  keys.set(scope, { request: JSON.stringify(wireOf(request)), status: answered.status, body: answered.body });
}

function count(running: Running, { status, body }: Answered, isReplay: boolean): void {
  if (status >= 400) running.count(`refusal ${body.code}${body.code === 'COUPON_INVALID' ? ` ${body.reason}` : ''}`);
  else if (isReplay) running.count('replay');
}

function expectSame(what: string, expected: unknown, actual: unknown, underWay: UnderWay): void {
  const difference = differenceOf(expected, actual, underWay);
  if (difference !== null) throw new Error(`${what}: ${difference}`);
}
