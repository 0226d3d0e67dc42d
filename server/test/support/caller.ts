/** Someone who calls the API over a real socket. */

/** An answer with its parsed body; `body` is what JSON gave, which tests compare with `toEqual` or `toMatchObject`. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/**
 * A parsed JSON body: the fields of all answers together, of which each answer has some. Tests name those they know to be there;
 * where two answers mean different things by one name, it is for comparing only. Null is left out of the types.
 */
export interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
  readonly type: string;
  readonly reason: string;
  readonly path: string;
  readonly message: string;
  readonly errors: readonly Body[];
  readonly items: readonly Body[];
  readonly entries: readonly Body[];
  readonly rowErrors: readonly Body[];
  readonly nextCursor: string;
  /** A body that is no JSON. */
  readonly text: string;
  /** Of the OpenAPI document. */
  readonly paths: object;
  /** Of the built-in accounts. */
  readonly user: { readonly role: unknown };
  /** Of an object; a problem's is the answer's. */
  readonly status: string;
  readonly name: string;
  readonly description: string;
  readonly sku: string;
  readonly options: readonly Body[];
  readonly productId: string;
  readonly optionId: string;
  readonly price: number;
  readonly maxPerUser: number;
  readonly available: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly soldOut: boolean;
  readonly userId: string;
  readonly amount: number;
  readonly charged: number;
  readonly currency: string;
  readonly entryId: string;
  readonly kind: string;
  readonly delta: number;
  readonly balanceAfter: number;
  readonly reference: string;
  readonly couponId: string;
  readonly quantity: number;
  /** A coupon's terms, or what they took off an order. */
  readonly discount: unknown;
  readonly minOrderAmount: number;
  readonly issued: number;
  readonly remaining: number;
  readonly sequence: number;
  readonly orderId: string;
  readonly lines: readonly Body[];
  readonly unitPrice: number;
  readonly subtotal: number;
  readonly total: number;
  readonly userCouponId: string;
  readonly paymentId: string;
  readonly refunded: number;
  readonly restocked: boolean;
  readonly eventId: string;
  readonly attempts: number;
  readonly lastError: string;
  readonly asOf: string;
  readonly from: string;
  readonly to: string;
  readonly rank: number;
  readonly revenue: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startsAt: string;
  readonly expiresAt: string;
  readonly issuedAt: string;
  readonly paidAt: string;
  readonly nextAttemptAt: string;
  readonly secret: string;
  readonly url: string;
  readonly log: readonly Body[];
  readonly deliveries: readonly Body[];
  readonly startedAt: string;
  readonly answer: string;
  readonly nextAfter: string;
}

export interface CallOptions {
  readonly key?: string;
  readonly language?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  /** Ends the call before its answer. */
  readonly signal?: AbortSignal;
}

export interface Caller {
  readonly userId: string;
  readonly token: string | null;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
  get(path: string, options?: CallOptions): Promise<Answered>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
}

/** Trusts the API with the shape of its bodies: what is not there reads as undefined, and the test says so. */
const parse: (text: string) => Body = JSON.parse;

export function createCaller(baseUrl: string, userId: string, token: string | null): Caller {
  const call = async (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answered> => {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.language === undefined ? {} : { 'accept-language': options.language }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: parse(isJson && text !== '' ? text : JSON.stringify({ text })) };
  };
  return {
    userId,
    token,
    call,
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
    patch: (path, body, options) => call('PATCH', path, body, options),
  };
}

/** The same caller, whose requests all go through `call`. */
export function callingBy(caller: Caller, call: Caller['call']): Caller {
  return {
    ...caller,
    call,
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
    patch: (path, body, options) => call('PATCH', path, body, options),
  };
}
