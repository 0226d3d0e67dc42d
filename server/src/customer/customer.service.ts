/** Use cases of the customer feature: finding users, and one user at a glance. */
import type { BalanceService } from '../balance/balance.service.ts';
import type { Database } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { cursorCodec, type Page, type PageQuery, pageOf, rowsWanted } from '../kernel/paging.ts';
import type { OrderService } from '../order/order.service.ts';
import { findCustomer, listCustomers } from './customer.repository.ts';
import type { Customer, CustomerCounts } from './customer.types.ts';

/** A user at a glance. */
interface CustomerDetail extends Customer {
  readonly balance: number;
  readonly currency: string;
  readonly counts: CustomerCounts;
  readonly orders: Awaited<ReturnType<OrderService['list']>>['items'];
}

export interface CustomerService {
  /** In the order of their ids. */
  list(query: PageQuery & { readonly search?: string }): Promise<Page<Customer>>;
  get(userId: string): Promise<CustomerDetail | Refusal<'CUSTOMER_NOT_FOUND'>>;
}

const LAST_ORDERS = 5;
const cursor = cursorCodec('customers', ['text']);

export function createCustomerService(deps: {
  readonly database: Database;
  readonly lists: Lists;
  readonly balances: Pick<BalanceService, 'get'>;
  readonly orders: Pick<OrderService, 'list'>;
  readonly clockOffsetMs: () => number;
}): CustomerService {
  const { database, lists, balances, orders, clockOffsetMs } = deps;
  return {
    list: async (query) => {
      const [after] = cursor.decode(query.cursor) ?? [''];
      const rows = await lists.read((source) => listCustomers(source, query.search ?? '', after, rowsWanted(query)));
      return pageOf(
        rows,
        query,
        (row) => row,
        ({ userId }) => cursor.encode([userId]),
      );
    },
    get: async (userId) => {
      const found = await findCustomer(database, userId, clockOffsetMs());
      if (found === null) return refuse('CUSTOMER_NOT_FOUND');
      const [{ amount: balance, currency }, { items }] = await Promise.all([
        balances.get(userId),
        orders.list(userId, { limit: LAST_ORDERS }),
      ]);
      return { ...found, balance, currency, orders: items };
    },
  };
}
