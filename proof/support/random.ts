/** Random numbers from a seed: what a proof draws, it draws again from the same seed. */

export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** A stream of its own, which does not depend on how much is drawn from this one. */
  fork(index: number): Random;
}

const STEP = 0x9e3779b9;

/** Mixes the bits of a 32-bit number, so that neighbours have nothing in common (the finalizer of MurmurHash3, Appleby 2011). */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A counter whose every value is mixed, after splitmix (Steele, Lea, Flood 2014). */
export function randomOf(seed: number): Random {
  let state = mixed(seed);
  const next = (): number => {
    state = (state + STEP) | 0;
    return mixed(state) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    fork: (index) => randomOf(mixed(seed ^ mixed(index + 1))),
  };
}
