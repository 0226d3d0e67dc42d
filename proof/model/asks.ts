/** What can be asked of the shop: as a request of the wire, and as the model answers it. */
import {
  addOption,
  adjustStock,
  createProduct,
  getProduct,
  type NewOption,
  type NewProduct,
  type OptionPatch,
  type ProductPatch,
  updateOption,
  updateProduct,
} from './catalogue.ts';
import { type CouponPatch, createCoupon, getCoupon, issueCoupon, type NewCoupon, updateCoupon } from './coupons.ts';
import { type Expected, refused } from './expected.ts';
import { type Charge, charge, getBalance, getPayment, listRefunds, type NewRefund, pay, refund } from './money.ts';
import { addedUp, cancelOrder, getOrder, type NewOrder, placeOrder } from './orders.ts';
import type { Actor, Moment, World } from './world.ts';

export type Ask =
  | { readonly do: 'createProduct'; readonly body: NewProduct }
  | { readonly do: 'updateProduct'; readonly id: string; readonly body: ProductPatch }
  | { readonly do: 'addOption'; readonly id: string; readonly body: NewOption }
  | { readonly do: 'updateOption'; readonly id: string; readonly body: OptionPatch }
  | { readonly do: 'adjustStock'; readonly id: string; readonly body: { readonly delta: number; readonly reason: string } }
  | { readonly do: 'createCoupon'; readonly body: NewCoupon }
  | { readonly do: 'updateCoupon'; readonly id: string; readonly body: CouponPatch }
  | { readonly do: 'issueCoupon'; readonly id: string }
  | { readonly do: 'charge'; readonly body: Charge }
  | { readonly do: 'placeOrder'; readonly body: NewOrder }
  | { readonly do: 'cancelOrder'; readonly id: string }
  | { readonly do: 'pay'; readonly body: { readonly orderId: string } }
  | { readonly do: 'refund'; readonly id: string; readonly body: NewRefund }
  | { readonly do: 'getProduct'; readonly id: string }
  | { readonly do: 'getBalance'; readonly of: string }
  | { readonly do: 'getCoupon'; readonly id: string }
  | { readonly do: 'getOrder'; readonly id: string }
  | { readonly do: 'getPayment'; readonly id: string }
  | { readonly do: 'listRefunds'; readonly id: string };

export type Doing = Ask['do'];

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly who: 'anyone' | 'user' | 'staff';
}

const ROUTES: Readonly<Record<Doing, Route>> = {
  createProduct: { method: 'POST', path: '/products', who: 'staff' },
  updateProduct: { method: 'PATCH', path: '/products/ID', who: 'staff' },
  addOption: { method: 'POST', path: '/products/ID/options', who: 'staff' },
  updateOption: { method: 'PATCH', path: '/options/ID', who: 'staff' },
  adjustStock: { method: 'POST', path: '/options/ID/stock', who: 'staff' },
  createCoupon: { method: 'POST', path: '/coupons', who: 'staff' },
  updateCoupon: { method: 'PATCH', path: '/coupons/ID', who: 'staff' },
  issueCoupon: { method: 'POST', path: '/coupons/ID/issue', who: 'user' },
  charge: { method: 'POST', path: '/balance/charge', who: 'user' },
  placeOrder: { method: 'POST', path: '/orders', who: 'user' },
  cancelOrder: { method: 'POST', path: '/orders/ID/cancel', who: 'user' },
  pay: { method: 'POST', path: '/payments', who: 'user' },
  refund: { method: 'POST', path: '/payments/ID/refunds', who: 'staff' },
  getProduct: { method: 'GET', path: '/products/ID', who: 'anyone' },
  getBalance: { method: 'GET', path: '/balance?userId=ID', who: 'user' },
  getCoupon: { method: 'GET', path: '/coupons/ID', who: 'anyone' },
  getOrder: { method: 'GET', path: '/orders/ID', who: 'user' },
  getPayment: { method: 'GET', path: '/payments/ID', who: 'user' },
  listRefunds: { method: 'GET', path: '/payments/ID/refunds', who: 'user' },
};

export const READS = Object.keys(ROUTES).filter((name) => name.startsWith('get') || name.startsWith('list'));
export const WRITES = Object.keys(ROUTES).filter((name) => !READS.includes(name));

/** What depends on stock or coupons, which expired orders let go of a moment later and not at once. */
const OF_WHAT_IS_HELD: ReadonlySet<Doing> = new Set<Doing>([
  'createProduct',
  'updateProduct',
  'addOption',
  'updateOption',
  'adjustStock',
  'placeOrder',
  'getProduct',
]);

export const isOfWhatIsHeld = (ask: Ask): boolean => OF_WHAT_IS_HELD.has(ask.do);

export const isRead = (ask: Ask): boolean => ROUTES[ask.do].method === 'GET';

/** A request: what is asked, by whom, with which key, and whether its body is spoiled by a field that no schema has. */
export interface Request {
  readonly actor: Actor;
  readonly ask: Ask;
  readonly key: string | null;
  readonly isSpoiled: boolean;
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'tick' in value;
}

const fieldsOf = (body: object): [string, unknown][] => Object.entries(body);

function bodyOf({ ask, isSpoiled }: Request): object | undefined {
  if (!('body' in ask)) return undefined;
  const body: Record<string, unknown> = isSpoiled ? { surprise: 1 } : {};
  for (const [name, value] of fieldsOf(ask.body)) body[name] = isMoment(value) ? value.shown : value;
  return body;
}

export function wireOf(request: Request): WireRequest {
  const { ask } = request;
  const { method, path } = ROUTES[ask.do];
  const id = 'id' in ask ? ask.id : 'of' in ask ? ask.of : '';
  return { method, path: path.replace('ID', encodeURIComponent(id)), body: bodyOf(request) };
}

/** The effects that keys remember. */
export type Keys = Map<string, { readonly request: string; readonly status: number; readonly body: object }>;

/** What a key is scoped to: the user, the method and the route. */
export function scopeOf({ actor, ask, key }: Request): string | null {
  const { method, path } = ROUTES[ask.do];
  return key === null || method === 'GET' ? null : JSON.stringify([actor.userId, method, path, key]);
}

export interface ModelAnswer {
  readonly expected: Expected;
  readonly isReplay: boolean;
}

/** The answer of the model, in the order of checks: authentication, authorisation, body, key, state. */
export function answerOf(world: World, keys: Keys, request: Request): ModelAnswer {
  const refusal = whyNotAllowed(request) ?? whyMalformed(request);
  if (refusal !== null) return { expected: refusal, isReplay: false };
  const scope = scopeOf(request);
  const earlier = scope === null ? undefined : keys.get(scope);
  if (earlier === undefined) return { expected: decided(world, request), isReplay: false };
  if (earlier.request !== JSON.stringify(wireOf(request))) return { expected: refused('IDEMPOTENCY_KEY_REUSED'), isReplay: false };
  return { expected: { status: earlier.status, code: null, body: earlier.body }, isReplay: true };
}

function whyNotAllowed({ actor, ask }: Request): Expected | null {
  const { who } = ROUTES[ask.do];
  if (actor.role === 'stranger') return who === 'anyone' ? null : refused('UNAUTHENTICATED');
  if (who === 'staff' && actor.role !== 'staff') return refused('FORBIDDEN');
  return null;
}

function whyMalformed({ actor, ask, isSpoiled }: Request): Expected | null {
  const bad = refused('VALIDATION_FAILED');
  if (isSpoiled && 'body' in ask) return bad;
  const { role, userId } = actor;
  const isOfAnother = (of: string | undefined): boolean => role !== 'staff' && of !== undefined && of !== userId;
  if (ask.do === 'charge' && isOfAnother(ask.body.userId)) return refused('FORBIDDEN');
  if (ask.do === 'getBalance' && isOfAnother(ask.of)) return refused('FORBIDDEN');
  if (ask.do === 'placeOrder' && addedUp(ask.body) === null) return bad;
  if (ask.do === 'refund' && ask.body.lines !== undefined && addedUp({ lines: ask.body.lines }) === null) return bad;
  return null;
}

function decided(world: World, { actor, ask }: Request): Expected {
  switch (ask.do) {
    case 'createProduct':
      return createProduct(world, ask.body);
    case 'updateProduct':
      return updateProduct(world, ask.id, ask.body);
    case 'addOption':
      return addOption(world, ask.id, ask.body);
    case 'updateOption':
      return updateOption(world, ask.id, ask.body);
    case 'adjustStock':
      return adjustStock(world, ask.id, ask.body.delta);
    case 'createCoupon':
      return createCoupon(world, ask.body);
    case 'updateCoupon':
      return updateCoupon(world, ask.id, ask.body);
    case 'issueCoupon':
      return issueCoupon(world, actor, ask.id);
    case 'charge':
      return charge(world, actor, ask.body);
    case 'placeOrder':
      return placeOrder(world, actor, ask.body);
    case 'cancelOrder':
      return cancelOrder(world, actor, ask.id);
    case 'pay':
      return pay(world, actor, ask.body.orderId);
    case 'refund':
      return refund(world, ask.id, ask.body);
    case 'getProduct':
      return getProduct(world, actor, ask.id);
    case 'getBalance':
      return getBalance(world, ask.of);
    case 'getCoupon':
      return getCoupon(world, ask.id);
    case 'getOrder':
      return getOrder(world, actor, ask.id);
    case 'getPayment':
      return getPayment(world, actor, ask.id);
    case 'listRefunds':
      return listRefunds(world, actor, ask.id);
  }
}
