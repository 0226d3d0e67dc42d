/** Gathers what moved an option's stock from the features that own it, page by page. */
import { Refusal } from '../kernel/errors.ts';
import { HIGHEST_ID, idsWithin, type TimeRange } from '../kernel/ids.ts';
import { cursorCodec, type Page, type PageQuery, pageOf, rowsWanted, type Stretch } from '../kernel/paging.ts';
import type { OrderService } from '../order/order.service.ts';
import type { PaymentService } from '../payment/payment.service.ts';
import type { ProductService } from '../product/product.service.ts';
import { movementsOf } from './journal.rules.ts';
import type { Movement } from './journal.types.ts';

export interface JournalService {
  /** Newest first. A page may be short, or empty, and still name the next one: each looks at so many orders and refunds. */
  of(optionId: string, query: PageQuery & TimeRange): Promise<Page<Movement> | Refusal<'OPTION_NOT_FOUND'>>;
}

const cursor = cursorCodec('stockJournal', ['id']);

export function createJournalService(deps: {
  readonly products: Pick<ProductService, 'adjustmentsOf'>;
  readonly orders: Pick<OrderService, 'unitsOf'>;
  readonly payments: Pick<PaymentService, 'restockedOf'>;
}): JournalService {
  const { products, orders, payments } = deps;
  return {
    of: async (optionId, query) => {
      const [below] = cursor.decode(query.cursor) ?? [HIGHEST_ID];
      const [first, end] = idsWithin(query);
      const stretch: Stretch = { first, before: below < end ? below : end, rows: rowsWanted(query) };
      const adjustments = await products.adjustmentsOf(optionId, stretch);
      if (adjustments instanceof Refusal) return adjustments;
      const [ordered, restocked] = await Promise.all([orders.unitsOf(optionId, stretch), payments.restockedOf(optionId, stretch)]);
      // What lies below may be missing movements of a source that has not looked so far yet: it is the next page's.
      const lastSeen = latest(ordered.lastSeen, restocked.lastSeen);
      const movements = movementsOf({ adjustments, ordered: ordered.rows, restocked: restocked.rows });
      const known = lastSeen === null ? movements : movements.filter(({ id }) => id >= lastSeen);
      const page = pageOf(
        known,
        query,
        (movement) => movement,
        ({ id }) => cursor.encode([id]),
      );
      return page.nextCursor === null && lastSeen !== null ? { ...page, nextCursor: cursor.encode([lastSeen]) } : page;
    },
  };
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
