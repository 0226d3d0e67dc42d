/**
 * Names of hosts to addresses, as the system resolves them, but each name once at a time and remembered for a while.
 *
 * The system resolves a few names at once for the whole process. Where each of the many connections of a destination asked for itself, one whose name server does not
 * answer would keep all others from being found.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

export interface Resolver {
  /** @throws where the name is not found, or not in time and was not known before. */
  resolve(hostname: string): Promise<readonly LookupAddress[]>;
}

const FRESH_MS = 10_000;
/** How long an answer is good for while there is no newer one. */
const KEPT_MS = 600_000;
const PATIENCE_MS = 2000;
const NAMES_MAX = 1000;

interface Known {
  readonly addresses: readonly LookupAddress[];
  readonly at: number;
}

export function createResolver(): Resolver {
  const known = new Map<string, Known>();
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>();

  const ask = async (hostname: string): Promise<readonly LookupAddress[]> => {
    try {
      const addresses = await lookup(hostname, { all: true });
      if (known.size >= NAMES_MAX) known.clear();
      known.set(hostname, { addresses, at: performance.now() });
      return addresses;
    } finally {
      underWay.delete(hostname);
    }
  };

  const asked = (hostname: string): Promise<readonly LookupAddress[]> => {
    const pending = underWay.get(hostname) ?? ask(hostname);
    underWay.set(hostname, pending);
    return pending;
  };

  return {
    resolve: async (hostname) => {
      const before = known.get(hostname);
      const ageMs = before === undefined ? Number.POSITIVE_INFINITY : performance.now() - before.at;
      if (before !== undefined && ageMs < FRESH_MS) return before.addresses;
      try {
        return await inTime(asked(hostname), hostname);
      } catch (error) {
        if (before !== undefined && ageMs < KEPT_MS) return before.addresses;
        throw error;
      }
    },
  };
}

async function inTime<T>(work: Promise<T>, hostname: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`the address of ${hostname} was not found in time`)), PATIENCE_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
