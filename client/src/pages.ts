/** Lists that are longer than a page. */

const LIMIT_MAX = 100;

/** A page of any list of the API. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** What the query of a page has beside the filters. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * All pages of a list, each asked for when the one before is done with: `read` puts the query it is given into its call. What is added to the
 * list meanwhile may be missing; nothing comes twice.
 *
 * @throws RangeError where `limit` is not 1–100. @throws Problem
 */
export async function* pages<List extends Page<unknown>>(
  read: (query: PageQuery) => Promise<List>,
  limit: number = LIMIT_MAX,
): AsyncGenerator<List, void, undefined> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) throw new RangeError(`a page has 1–${LIMIT_MAX} items, not ${limit}`);
  let cursor: string | null = null;
  do {
    const page: List = await read(cursor === null ? { limit } : { limit, cursor });
    yield page;
    if (page.nextCursor === cursor && cursor !== null) throw new Error('the list goes round in circles');
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** All items of a list, of which `limit` are asked for at a time; otherwise as {@link pages}. */
export async function* items<Item>(
  read: (query: PageQuery) => Promise<Page<Item>>,
  limit: number = LIMIT_MAX,
): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(read, limit)) yield* page.items;
}
