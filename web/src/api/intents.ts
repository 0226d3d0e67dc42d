/**
 * What the customer meant to do once, with the idempotency key that says so: kept in the tab until its outcome is known,
 * so that a second tap, a retry or a reload repeats the request and never its effect.
 */
import { newIdempotencyKey } from '@openrun/client';

export type Operation = 'order' | 'pay' | 'charge' | 'claim' | 'cancel' | 'staff';

interface Intent {
  readonly operation: Operation;
  /** The request as JSON: another request is another intent. */
  readonly request: string;
  readonly key: string;
  readonly meantAt: number;
}

const STORE = 'openrun.intents';
/** The server remembers keys for at least 24 h; well before that, a repeat would be a new purchase. */
const LIFETIME_MS = 12 * 60 * 60 * 1000;

/** Stands in where the browser keeps nothing. */
let memory: readonly Intent[] = [];

/** The key of this request: the one it was sent with before, while its outcome is open, or else a new one. */
export function keyOf(operation: Operation, request: object): string {
  const text = JSON.stringify(request);
  const intents = readIntents();
  const known = intents.find((intent) => intent.operation === operation && intent.request === text);
  if (known !== undefined) return known.key;
  const intent: Intent = { operation, request: text, key: newIdempotencyKey(), meantAt: Date.now() };
  keep([...intents, intent]);
  return intent.key;
}

/** The outcome is known: the next time, the same request is another one. */
export function forget(operation: Operation, request: object): void {
  const text = JSON.stringify(request);
  keep(readIntents().filter((intent) => intent.operation !== operation || intent.request !== text));
}

/** Whether this request was sent and its outcome never heard of. */
export function isOpen(operation: Operation, request: object): boolean {
  const text = JSON.stringify(request);
  return readIntents().some((intent) => intent.operation === operation && intent.request === text);
}

/** The latest request of its kind whose outcome was never heard of. */
export function latestOpen(operation: Operation): unknown {
  const latest = readIntents().findLast((intent) => intent.operation === operation);
  return latest === undefined ? null : JSON.parse(latest.request);
}

/** Somebody else may use the tab from here on. */
export function forgetAll(): void {
  keep([]);
}

function readIntents(): readonly Intent[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORE) ?? '[]');
    const oldest = Date.now() - LIFETIME_MS;
    return Array.isArray(kept) ? kept.filter(isIntent).filter(({ meantAt }) => meantAt > oldest) : [];
  } catch {
    return memory;
  }
}

function keep(intents: readonly Intent[]): void {
  memory = intents;
  try {
    sessionStorage.setItem(STORE, JSON.stringify(intents));
  } catch {
    // The tab's memory has them until it is closed or loaded anew.
  }
}

function isIntent(value: unknown): value is Intent {
  return (
    typeof value === 'object' &&
    value !== null &&
    'operation' in value &&
    'request' in value &&
    typeof value.request === 'string' &&
    'key' in value &&
    typeof value.key === 'string' &&
    'meantAt' in value &&
    typeof value.meantAt === 'number'
  );
}
