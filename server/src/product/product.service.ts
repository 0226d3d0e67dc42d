/** Use cases of the product flow, and what neighbours need of products and stock. */
import type { Answer, DecisionContext, Effect, WriteKey } from '../commit/commit.types.ts';
import { effectOf } from '../commit/effect.ts';
import type { CommitEngine } from '../commit/engine.ts';
import { createSoldOut, type Observation, type SoldOut } from '../commit/sold-out.ts';
import type { Database, Executor, Transaction, Writes } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import type { News } from '../database/news.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { cursorCodec, type Page, type PageQuery, pageOf, rowsWanted, type Stretch } from '../kernel/paging.ts';
import { actionBy } from '../staff/staff.service.ts';
import { chosenBefore, chosenOfOption, chosenOfProduct, createdBy, createdOption } from './product.actions.ts';
import { createProductEpochs, type ProductEpochs } from './product.epochs.ts';
import { decideImport } from './product.import.rules.ts';
import { presentImported } from './product.import.schemas.ts';
import { createProductImport, type ProductImport } from './product.import.ts';
import { findProduct, type ListedProduct, listAdjustments, listProducts, sortKeyOf } from './product.queries.ts';
import { loadOffers, lockProducts, lockStock, saveProducts, saveStock } from './product.repository.ts';
import {
  decideAddOption,
  decideAdjustStock,
  decideCreateProduct,
  decideUpdateOption,
  decideUpdateProduct,
  type ProductState,
} from './product.rules.ts';
import { presentOption, presentProduct, presentStock } from './product.schemas.ts';
import type { Offer, ProductCommand, ProductWithOptions, RecordedAdjustment, Sort, Stock, StockedOption } from './product.types.ts';

/** Products and stock, as neighbours lock and change them inside their own batches. */
export interface StockKeeper {
  lockStock(tx: Transaction, optionIds: readonly string[]): Promise<Map<string, Stock>>;
  /** What is offered; to be read after {@link StockKeeper.lockStock}. */
  loadOffers(tx: Transaction, optionIds: readonly string[]): Promise<Map<string, Offer>>;
  saveStock(writes: Writes, stock: readonly Stock[]): void;
  /** Hears which options' stock a batch has changed, or may have, before its callers do: what is kept in memory of it ends. */
  stockChanged(optionIds: Iterable<string>): void;
  /** Like {@link StockKeeper.stockChanged}, of a batch that knows which options are for sale and sold out after it. */
  stockSettled(observation: Observation, batch: { readonly changed: ReadonlySet<string>; readonly soldOut: readonly string[] }): void;
  /** Which options are known to be for sale and sold out. */
  readonly soldOut: Pick<SoldOut, 'observe' | 'isKnown'>;
}

export interface ListProducts extends PageQuery {
  readonly search?: string;
  readonly sort?: Sort;
  readonly inStock?: boolean;
}

export interface ProductService extends StockKeeper {
  /** With the hidden ones it is a list of staff, and may be from a replica; what everyone else sees fills a memory that news of changes ends, and may not. */
  list(query: ListProducts, hiddenToo: boolean): Promise<Page<ProductWithOptions>>;
  get(productId: string, hiddenToo: boolean): Promise<ProductWithOptions | Refusal<'PRODUCT_NOT_FOUND'>>;
  /** What staff did to an option's stock, newest first. */
  adjustmentsOf(optionId: string, stretch: Stretch): Promise<readonly RecordedAdjustment[] | Refusal<'OPTION_NOT_FOUND'>>;
  /** Any of the staff's writes. */
  write(command: ProductCommand, key: WriteKey | null): Promise<Answer | Refusal>;
  readonly imports: ProductImport;
  /**
   * Counts the changes of products and stock that this process has answered, or is about to. What was read from when the
   * count was as it is now shows all of them.
   */
  readonly epoch: () => number;
  /** Like {@link ProductService.epoch}, of what the page of one product shows. */
  epochOf(productId: string): number;
}

const cursors = {
  newest: cursorCodec('products.newest', ['text', 'id']),
  priceAsc: cursorCodec('products.priceAsc', ['integer', 'id']),
  priceDesc: cursorCodec('products.priceDesc', ['integer', 'id']),
  name: cursorCodec('products.name', ['text', 'id']),
};

export function createProductService({
  database,
  lists,
  commit,
  news,
  clockOffsetMs,
}: {
  readonly database: Database;
  readonly lists: Lists;
  readonly commit: CommitEngine;
  readonly news: News;
  readonly clockOffsetMs: () => number;
}): ProductService {
  const soldOut = createSoldOut(clockOffsetMs);
  const epochs = createProductEpochs();
  const stockChanged = (optionIds: Iterable<string>): void => {
    soldOut.forget(optionIds);
    epochs.stockChanged(optionIds);
    news.tell('stock', optionIds);
  };
  hearNews(news, { soldOut, epochs });
  const queue = commit.queue<ProductCommand, ProductState>({
    name: 'product',
    lock: (tx, commands) => lockProducts(tx, namedBy(commands)),
    decide,
    save: (writes, state, { now }) => saveProducts(writes, state, now),
    ended: ({ stock }, ending) => {
      if (ending === 'unchanged') return;
      soldOut.forget(stock.keys());
      epochs.allChanged();
      news.tell('products', []);
      news.tell('stock', stock.keys());
    },
  });
  return {
    lockStock,
    loadOffers: async (tx, optionIds) => {
      const offers = await loadOffers(tx, optionIds);
      epochs.learn([...offers.values()]);
      return offers;
    },
    saveStock,
    soldOut,
    stockChanged,
    stockSettled: (observation, { changed, soldOut: seen }) => {
      // That an option is sold out ends with a change only, never by itself.
      soldOut.settle(observation, { changed, soldOut: seen.map((id) => ({ id, forMs: Number.POSITIVE_INFINITY })) });
      if (changed.size === 0) return;
      epochs.stockChanged(changed);
      news.tell('stock', changed);
    },
    epoch: epochs.all,
    epochOf: epochs.of,
    list: async (query, hiddenToo) => {
      const page = await (hiddenToo ? lists.read((source) => list(source, query, hiddenToo)) : list(database, query, hiddenToo));
      for (const { options } of page.items) epochs.learn(options);
      return page;
    },
    get: async (productId, hiddenToo) => {
      const product = await findProduct(database, productId, hiddenToo);
      if (product === null) return refuse('PRODUCT_NOT_FOUND');
      epochs.learn(product.options);
      return product;
    },
    adjustmentsOf: async (optionId, stretch) =>
      (await lists.read((source) => listAdjustments(source, optionId, stretch))) ?? refuse('OPTION_NOT_FOUND'),
    write: (command, key) => queue.submit(command, key),
    imports: createProductImport(database, (command, key) => queue.submit(command, key)),
  };
}

/** What other processes have changed ends what is kept of it here. */
function hearNews(news: News, { soldOut, epochs }: { readonly soldOut: SoldOut; readonly epochs: ProductEpochs }): void {
  news.onNews('products', () => epochs.allChanged());
  news.onNews('stock', (optionIds) => {
    if (optionIds === null) {
      soldOut.forgetAll();
      epochs.allChanged();
    } else {
      soldOut.forget(optionIds);
      epochs.stockChanged(optionIds);
    }
  });
}

async function list(db: Executor, query: ListProducts, hiddenToo: boolean): Promise<Page<ProductWithOptions>> {
  const { sort = 'newest', search, inStock = false } = query;
  const rows = await listProducts(db, {
    sort,
    search,
    inStock,
    hiddenToo,
    after: cursors[sort].decode(query.cursor),
    rows: rowsWanted(query),
  });
  return pageOf<ListedProduct, ProductWithOptions>(
    rows,
    query,
    (row) => row,
    (row) => cursorOf(sort, row),
  );
}

function cursorOf(sort: Sort, product: ListedProduct): string {
  const key = sortKeyOf(sort, product);
  switch (sort) {
    case 'priceAsc':
    case 'priceDesc':
      return cursors[sort].encode([Number(key), product.id]);
    case 'newest':
    case 'name':
      return cursors[sort].encode([String(key), product.id]);
  }
}

/** The rows that a batch must lock or look up. */
function namedBy(commands: readonly ProductCommand[]) {
  const productIds = new Set<string>();
  const optionIds = new Set<string>();
  const skus = new Set<string>();
  for (const command of commands) {
    switch (command.kind) {
      case 'createProduct':
        for (const option of command.options) skus.add(option.sku);
        break;
      case 'importProducts':
        for (const { options } of command.products) for (const option of options) skus.add(option.sku);
        break;
      case 'updateProduct':
        productIds.add(command.productId);
        break;
      case 'addOption':
        productIds.add(command.productId);
        skus.add(command.option.sku);
        break;
      case 'updateOption':
        optionIds.add(command.optionId);
        if (command.patch.sku !== undefined) skus.add(command.patch.sku);
        break;
      case 'adjustStock':
        optionIds.add(command.optionId);
    }
  }
  return { productIds: [...productIds], optionIds: [...optionIds], skus: [...skus] };
}

function decide(state: ProductState, command: ProductCommand, context: DecisionContext): Effect | Refusal {
  const before = chosenBefore(state, command);
  const { staffId } = command;
  const shownProduct = (product: ProductWithOptions): object => presentProduct(product, true);
  const shownOption = (option: StockedOption): object => presentOption(option, true);
  switch (command.kind) {
    case 'createProduct':
      return effectOf(201, decideCreateProduct(state, command, context), shownProduct, (product) => createdBy(staffId, product));
    case 'importProducts':
      return effectOf(
        201,
        decideImport(state, command, context),
        () => presentImported(command.products),
        (products) => products.flatMap((product) => createdBy(staffId, product)),
      );
    case 'updateProduct':
      return effectOf(200, decideUpdateProduct(state, command, context), shownProduct, (product) =>
        actionBy(staffId, 'product.update', { objectId: product.id, before, after: chosenOfProduct(product) }),
      );
    case 'addOption':
      return effectOf(201, decideAddOption(state, command, context), shownOption, (option) =>
        actionBy(staffId, 'option.create', { objectId: option.id, before, after: createdOption(option) }),
      );
    case 'updateOption':
      return effectOf(200, decideUpdateOption(state, command, context), shownOption, (option) =>
        actionBy(staffId, 'option.update', { objectId: option.id, before, after: chosenOfOption(option) }),
      );
    case 'adjustStock':
      return effectOf(200, decideAdjustStock(state, command, context), presentStock, (stock) => {
        const after = { onHand: stock.onHand, delta: command.delta, reason: command.reason };
        return actionBy(staffId, 'stock.adjust', { objectId: stock.optionId, before, after });
      });
  }
}
