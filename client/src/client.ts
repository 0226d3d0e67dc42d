/**
 * The typed client of an Openrun shop, generated from its OpenAPI document: every route by its path, in browsers and in Node. A call
 * gives the answer's body or throws a {@link Problem}; a write carries an idempotency key, and what is repeatable is repeated.
 */
import createFetcher, { type MaybeOptionalInit, type ParseAsResponse } from 'openapi-fetch';
import type { PathsWithMethod, Readable, RequiredKeysOf, ResponseObjectMap, SuccessResponse } from 'openapi-typescript-helpers';
import { Problem } from './problem.ts';
import { type Answered, type Attempts, insist, KEY, PATIENCE, type Patience } from './retry.ts';
import type { paths } from './schema.gen.ts';

export { items, type Page, type PageQuery, pages } from './pages.ts';
export { Problem, type ProblemCode, type ProblemDocument } from './problem.ts';
export type { Answered, Patience } from './retry.ts';
export type { components, paths } from './schema.gen.ts';
export type {
  AccountUser,
  AuditResult,
  Charge,
  Coupon,
  CouponChange,
  CouponStatus,
  Customer,
  CustomerDetail,
  Dashboard,
  Delivery,
  DeliveryQuery,
  DeliveryWithLog,
  Destination,
  DestinationChange,
  DestinationWithSecret,
  Discount,
  EventType,
  Flow,
  ImportPreview,
  NewCoupon,
  NewDestination,
  NewOption,
  NewOrder,
  NewProduct,
  NewRefund,
  OptionChange,
  Order,
  OrderQuery,
  OrderStatus,
  Payment,
  Product,
  ProductChange,
  ProductOption,
  ProductQuery,
  ProductSort,
  Ranking,
  Refund,
  ReplayRequest,
  StaffAction,
  StaffActionQuery,
  StockChange,
  StockMovement,
  Timeline,
  TimelineEntry,
  UserCoupon,
} from './types.ts';

export interface ClientOptions {
  /** Where the shop is, such as `https://shop.example`; always a whole address. */
  readonly baseUrl: string;
  /** A JSON Web Token of whoever calls, or what gives one; asked anew for each attempt. Without it, whom the session cookie of a page names, or nobody. */
  readonly token?: string | (() => string | Promise<string>);
  /** Of titles and details of refusals: `ko` or `en`. */
  readonly language?: string | (() => string);
  /** What differs from the usual: 6 attempts, 15 s for an answer, 60 s altogether, a `Retry-After` of 30 s at most. */
  readonly patience?: Partial<Patience>;
  /** Sees every answer, also those that are not the last of their call. It reads no bodies. */
  readonly onAnswer?: (answer: Answered) => void;
}

type Method = 'get' | 'post' | 'patch';
type Json = { readonly content: { readonly 'application/json': unknown } };

/** What is no JSON, such as an export, is read as the caller says. */
type Reading<Operation> = Operation extends { responses: { 200: Json } | { 201: Json } | { 202: Json } | { 204: unknown } }
  ? unknown
  : { parseAs: 'text' | 'blob' | 'arrayBuffer' | 'stream' };

type Init<Path extends keyof paths, Verb extends Method> = MaybeOptionalInit<paths[Path], Verb> & Reading<paths[Path][Verb]>;

type Arguments<Options> =
  RequiredKeysOf<Options> extends never ? [(Options & { [key: string]: unknown })?] : [Options & { [key: string]: unknown }];

/** The body of a successful answer. */
type Body<Operation extends object, Options> = ParseAsResponse<Readable<SuccessResponse<ResponseObjectMap<Operation>>>, Options>;

export interface Client {
  get<Path extends PathsWithMethod<paths, 'get'>, Options extends Init<Path, 'get'>>(
    path: Path,
    ...options: Arguments<Options>
  ): Promise<Body<paths[Path]['get'], Options>>;
  post<Path extends PathsWithMethod<paths, 'post'>, Options extends Init<Path, 'post'>>(
    path: Path,
    ...options: Arguments<Options>
  ): Promise<Body<paths[Path]['post'], Options>>;
  patch<Path extends PathsWithMethod<paths, 'patch'>, Options extends Init<Path, 'patch'>>(
    path: Path,
    ...options: Arguments<Options>
  ): Promise<Body<paths[Path]['patch'], Options>>;
}

/** What is recomputed or read through as a whole takes its time, whatever the usual patience. */
const SLOW = /^(audit|products\/import)/;
const SLOW_MS = 600_000;
/** Accounts know no keys: who signs up twice is refused, and who signs in twice comes to no harm. */
const UNKEYED = /^auth\//;

export function createClient(options: ClientOptions): Client {
  const { baseUrl, onAnswer = () => undefined } = options;
  const root = new URL(baseUrl).href.replace(/\/*$/, '/');
  const attempts: Attempts = { prepare: (request) => introduce(request, options), onAnswer };
  const patience = { ...PATIENCE, ...options.patience };
  const slowly = { ...patience, answerMs: SLOW_MS, deadlineMs: SLOW_MS };
  const send = (request: Request): Promise<Response> => {
    const { method, headers, url } = request;
    const path = url.slice(root.length);
    if (method !== 'GET' && !UNKEYED.test(path) && !headers.has(KEY)) headers.set(KEY, newIdempotencyKey());
    return insist(request, attempts, SLOW.test(path) ? slowly : patience);
  };
  const fetcher = createFetcher<paths>({ baseUrl, fetch: send });
  return {
    get: <Path extends PathsWithMethod<paths, 'get'>, Options extends Init<Path, 'get'>>(path: Path, ...init: Arguments<Options>) =>
      bodyOf(fetcher.GET<Path, Options>(path, ...init)),
    post: <Path extends PathsWithMethod<paths, 'post'>, Options extends Init<Path, 'post'>>(path: Path, ...init: Arguments<Options>) =>
      bodyOf(fetcher.POST<Path, Options>(path, ...init)),
    patch: <Path extends PathsWithMethod<paths, 'patch'>, Options extends Init<Path, 'patch'>>(path: Path, ...init: Arguments<Options>) =>
      bodyOf(fetcher.PATCH<Path, Options>(path, ...init)),
  };
}

/** A key for one call; random also where a page did not come over https, which `crypto.randomUUID` needs. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Says who calls, and what language they speak. */
async function introduce({ headers }: Request, { token, language }: ClientOptions): Promise<void> {
  if (token !== undefined) headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
  if (language !== undefined) headers.set('accept-language', typeof language === 'string' ? language : language());
}

interface Answer<Data> {
  readonly data: Data;
  readonly response: Response;
}

interface Reply {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws Problem where the API refuses or does not answer; the signal's reason where the call was aborted. */
async function bodyOf<Data>(call: Promise<Answer<Data> | Reply>): Promise<Data> {
  const reply = await call.catch((error: unknown) => {
    // What came is no JSON, and so from somebody else.
    throw error instanceof SyntaxError ? new Problem(null, undefined, error) : error;
  });
  if (isAnswer(reply)) return reply.data;
  throw new Problem(reply.response, reply.error);
}

function isAnswer<Data>(reply: Answer<Data> | Reply): reply is Answer<Data> {
  return reply.response.ok && (reply.data !== undefined || reply.response.status === 204);
}
