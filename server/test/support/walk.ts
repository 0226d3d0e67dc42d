/** Walks through lists page by page. */
import type { Answered, Body, Caller } from './caller.ts';
import { expectStatus } from './goods.ts';

const PAGES_MAX = 1000;

/** A list's path with one more query parameter. */
export function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

/** All items of a list, in their order; `between` runs before every page but the first. */
export async function walk(caller: Caller, path: string, limit: number, between?: () => Promise<unknown>): Promise<Body[]> {
  const items: Body[] = [];
  let next: string | null = withQuery(path, 'limit', String(limit));
  for (let pages = 0; next !== null; pages += 1) {
    if (pages >= PAGES_MAX) throw new Error(`${path} does not end`);
    if (pages > 0) await between?.();
    const page: Answered = expectStatus(await caller.get(next), 200);
    items.push(...page.body.items);
    const { nextCursor: cursor } = page.body;
    next = cursor === null ? null : withQuery(withQuery(path, 'limit', String(limit)), 'cursor', cursor);
  }
  return items;
}
