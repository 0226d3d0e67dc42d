/** Made-up rows and exports for tests of the replay. */
import { Writable } from 'node:stream';
import { planReplay } from '../../src/replay/replay.rules.ts';
import { ReplayError, type ReplayLedger, type ReplayPlan, type RetailRow } from '../../src/replay/replay.types.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2010, 11, 1, 8, 0);

/** A sale of two units of A at 100 pence to customer 1, with the changes; `minute` counts from 2010-12-01 08:00. */
export function row({ minute = 0, ...changes }: Partial<RetailRow> & { minute?: number } = {}): RetailRow {
  return {
    where: 'test:1',
    invoice: '500',
    code: 'A',
    description: 'APPLE',
    quantity: 2,
    at: START + minute * MINUTE_MS,
    price: 100,
    customer: '1',
    ...changes,
  };
}

/** A cancellation of one unit of A by customer 1, an hour later, with the changes. */
export function cancelled(changes: Partial<RetailRow> & { minute?: number } = {}): RetailRow {
  return row({ invoice: 'C900', quantity: -1, minute: 60, ...changes });
}

/** Sales to two customers and a guest, and cancellations of all sorts; `width` is how many options the larger invoices name. */
export const shoppingRows = (width: number): RetailRow[] => [
  row({ quantity: 2500 }),
  row({ code: 'B', description: 'BEAR', price: 255, quantity: 3 }),
  row({ code: 'B', description: 'BEAR', price: 255, quantity: 4 }),
  ...Array.from({ length: width }, (_, index) => row({ invoice: '501', minute: 3, customer: '2', code: `C${index}`, price: index + 1 })),
  ...Array.from({ length: width }, (_, index) => row({ invoice: '502', minute: 4, customer: null, code: 'D', price: index + 1 })),
  row({ invoice: '503', minute: 90, code: 'B', price: 199, quantity: 9 }),
  cancelled({ quantity: -1200 }),
  cancelled({ code: 'B', price: 255, quantity: -7 }),
  cancelled({ invoice: 'C901', code: 'B', price: 255, minute: 95, quantity: -2 }),
  cancelled({ invoice: 'C902', customer: '2', code: 'C1', price: 2, quantity: -9 }),
  cancelled({ invoice: 'C903', customer: null }),
  row({ price: 0, customer: null, invoice: '504' }),
];

/** The plan of rows alone. */
export function planOf(...rows: readonly RetailRow[]): ReplayPlan {
  return planReplay({ rows, unreadable: [], digest: 'test' });
}

/** A ledger of a replay that has done nothing. */
export function emptyLedger(): ReplayLedger {
  return { products: new Map(), options: new Map(), orders: new Map(), refunds: new Map(), failures: [] };
}

/** The text of an export with these rows. */
export function csvOf(...rows: readonly RetailRow[]): string {
  const lines = rows.map(({ invoice, code, description, quantity, at, price, customer }) => {
    const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
    return [
      invoice,
      code,
      `"${description}"`,
      quantity,
      time,
      (price / 100).toFixed(2),
      customer === null ? '' : `${customer}.0`,
      'Utopia',
    ].join(',');
  });
  return ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', ...lines, ''].join('\n');
}

/** A stream that keeps what is written to it. */
export function createPage(): { readonly out: Writable; text(): string } {
  let text = '';
  const out = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { out, text: () => text };
}

/** The message of the {@link ReplayError} that `work` throws. */
export async function replayErrorOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ReplayError) return error.message;
    throw error;
  }
  throw new Error('expected a ReplayError');
}
