/** What the model expects of an answer. */

export interface Expected {
  readonly status: number;
  /** Of a refusal. */
  readonly code: string | null;
  /** The body of what succeeds; what a refusal says beside its code. */
  readonly body: object;
}

const STATUS = new Map([
  ['VALIDATION_FAILED', 400],
  ['INVALID_CHARGE_AMOUNT', 400],
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['PRODUCT_NOT_FOUND', 404],
  ['OPTION_NOT_FOUND', 404],
  ['COUPON_NOT_FOUND', 404],
  ['ORDER_NOT_FOUND', 404],
  ['PAYMENT_NOT_FOUND', 404],
  ['IDEMPOTENCY_KEY_REUSED', 422],
]);

export function refused(code: string, extras: object = {}): Expected {
  return { status: STATUS.get(code) ?? 409, code, body: extras };
}

export function done(status: 200 | 201, body: object): Expected {
  return { status, code: null, body };
}
