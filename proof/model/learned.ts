/** Values that only the server can choose: the model names them, the first answer fills them in, every later answer has to repeat them. */
import { isDeepStrictEqual } from 'node:util';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Between which times, in milliseconds on the server's clock, a request was under way. */
export interface UnderWay {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Learned {
  readonly kind: 'id' | 'now';
  #value: string | null = null;

  constructor(kind: 'id' | 'now') {
    this.kind = kind;
  }

  get value(): string {
    if (this.#value === null) throw new Error(`an ${this.kind} that no answer has told yet`);
    return this.#value;
  }

  /** Why `actual` cannot be this value; null where it is, or becomes it. */
  unify(actual: unknown, underWay: UnderWay): string | null {
    if (this.#value !== null) return actual === this.#value ? null : `${String(actual)} instead of ${this.#value}`;
    if (typeof actual !== 'string') return `${String(actual)} instead of an ${this.kind}`;
    if (this.kind === 'id' && !ID.test(actual)) return `${actual} is no UUIDv7`;
    if (this.kind === 'now') {
      const atMs = TIME.test(actual) ? Date.parse(actual) : Number.NaN;
      if (!(atMs >= underWay.fromMs && atMs <= underWay.toMs)) return `${actual} is not the time of the request`;
    }
    this.#value = actual;
    return null;
  }
}

/** So many milliseconds after a learned time. */
export class After {
  readonly start: Learned;
  readonly ms: number;

  constructor(start: Learned, ms: number) {
    this.start = start;
    this.ms = ms;
  }

  get value(): string {
    return new Date(Date.parse(this.start.value) + this.ms).toISOString();
  }
}

/** A time that the contract does not bind. */
export const SOME_TIME = Symbol('some time');

/** Where and how `actual` differs from what the model expects; null where it does not. */
export function differenceOf(expected: unknown, actual: unknown, underWay: UnderWay, path = ''): string | null {
  const problem = (text: string | null): string | null => (text === null ? null : `${path === '' ? '/' : path}: ${text}`);
  if (expected instanceof Learned) return problem(expected.unify(actual, underWay));
  if (expected instanceof After) return problem(actual === expected.value ? null : `${String(actual)} instead of ${expected.value}`);
  if (expected === SOME_TIME) return problem(typeof actual === 'string' && TIME.test(actual) ? null : `${String(actual)} is no time`);
  if (expected === null || typeof expected !== 'object') {
    return problem(isDeepStrictEqual(expected, actual) ? null : `${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual) !== Array.isArray(expected)) {
    return problem(`${JSON.stringify(actual)} instead of ${Array.isArray(expected) ? 'a list' : 'an object'}`);
  }
  const wanted = new Map(Object.entries(expected));
  const given = new Map<string, unknown>(Object.entries(actual));
  for (const name of given.keys()) if (!wanted.has(name)) return problem(`there is ${name}: ${JSON.stringify(given.get(name))}`);
  for (const [name, value] of wanted) {
    if (!given.has(name)) return problem(`there is no ${name}`);
    const found = differenceOf(value, given.get(name), underWay, `${path}/${name}`);
    if (found !== null) return found;
  }
  return null;
}
