/** The composition root: all wiring of the server, in plain calls. The routes are in `routes.ts`. */
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type AccountService, createAccountService } from './account/account.service.ts';
import { type AuditService, createAuditService } from './audit/audit.service.ts';
import { type BalanceService, createBalanceService } from './balance/balance.service.ts';
import { type CommitEngine, createCommitEngine } from './commit/engine.ts';
import { failureOf } from './commit/failure.ts';
import { type CommitWatch, type SlowLog, watchBoth, watchSlow } from './commit/watch.ts';
import type { Config } from './config.ts';
import { type CouponService, createCouponService } from './coupon/coupon.service.ts';
import { type CustomerService, createCustomerService } from './customer/customer.service.ts';
import { createDashboardService, type DashboardService } from './dashboard/dashboard.service.ts';
import type { Database } from './database/database.ts';
import { createListMetrics } from './database/lists.metrics.ts';
import { createLists, type ListReader, type Lists } from './database/lists.ts';
import { createNews, type News, type NewsService, type Talk } from './database/news.ts';
import { isAnswering, type Outages, tellOutages } from './database/outage.ts';
import { openReplica } from './database/replica.ts';
import { createDeliveryService, type DeliveryService } from './delivery/delivery.service.ts';
import { createDestinationService, type DestinationService } from './delivery/destination.service.ts';
import { createOutbox } from './delivery/outbox.service.ts';
import { createRelayMetrics, type RelayMetrics } from './delivery/relay.metrics.ts';
import { type Relay, type RelayOptions, startRelay } from './delivery/relay.ts';
import { sinkMaker } from './delivery/sinks/sinks.ts';
import { type AnswerCounts, createAnswerCounts } from './http/answers.ts';
import { keepIdleConnections } from './http/linger.ts';
import type { App } from './http/server.ts';
import { createJournalService, type JournalService } from './journal/journal.service.ts';
import { urlsOf } from './kernel/database-url.ts';
import { createOrderService, type OrderService } from './order/order.service.ts';
import { createPaymentService, type PaymentService } from './payment/payment.service.ts';
import { createProductService, type ProductService } from './product/product.service.ts';
import { createRankingService, type RankingService } from './ranking/ranking.service.ts';
import { createRoutes } from './routes.ts';
import { slowStatements } from './runtime.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import { createStaffService, recordActions, type StaffService } from './staff/staff.service.ts';
import { createTimelineService, type TimelineService } from './timeline/timeline.service.ts';
import type { Tracing } from './tracing/tracing.ts';
import { VERSION } from './version.ts';
import { countWorker } from './workers.metrics.ts';

/** What the composition root is given. */
export interface AppOptions {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  /** Absent: there are no traces. */
  readonly tracing?: Tracing | null;
  /** Added to the database's clock; zero but in tests. */
  readonly clockOffsetMs?: () => number;
  /** Gives what reads the metrics that `/metrics` shows, where those are more than this process's own. */
  readonly shareMetrics?: (own: Registry) => () => Promise<string>;
}

export interface Services {
  readonly products: ProductService;
  readonly balances: BalanceService;
  readonly coupons: CouponService;
  readonly orders: OrderService;
  readonly payments: PaymentService;
  readonly rankings: RankingService;
  readonly deliveries: DeliveryService;
  readonly destinations: DestinationService;
  readonly staff: StaffService;
  readonly timelines: TimelineService;
  readonly journals: JournalService;
  readonly customers: CustomerService;
  readonly dashboard: DashboardService;
  readonly audits: AuditService;
  /** null where there is no secret to sign sessions with. */
  readonly accounts: AccountService | null;
}

/** The server, wired but not listening. */
export interface OpenrunApp {
  readonly http: App;
  readonly services: Services;
  /** Loads what reads are answered from, then starts relay and scheduler; call it before listening. */
  startBackground(): Promise<void>;
  /**
   * Answers what is under way, then stops everything but the database.
   *
   * @param options `lingerMs`: how long idle connections are kept for a last request, so that none is cut in the moment of it; 0 by default.
   */
  close(options?: { readonly lingerMs: number }): Promise<void>;
}

/** How long a request may still arrive, and an answer be read, once the server stops. */
const STRAGGLERS_MS = 5000;
/** Of events, where the settings do not say where the server is reached. */
const EVENT_SOURCE = 'urn:openrun';

export async function createApp(options: AppOptions): Promise<OpenrunApp> {
  const { config, database, logger, tracing = null, clockOffsetMs = () => 0 } = options;
  const registry = new Registry();
  const readMetrics = options.shareMetrics?.(registry) ?? (() => registry.metrics());
  collectDefaultMetrics({ register: registry });
  countWorker(registry);
  const outages = tellOutages(logger, database.background);
  const news = openNews(database, logger);
  const hasOthers = (): boolean => news.hasOthers();
  const commit = createEngine({ config, database, logger, tracing, registry, clockOffsetMs, outages, hasOthers });
  let background: Background | null = null;
  const answers = createAnswerCounts(registry);
  const lists = openLists(config, database, logger, registry);
  const services = createServices({
    config,
    database,
    lists,
    logger,
    commit,
    registry,
    answers,
    clockOffsetMs,
    news,
    relay: {
      newEvents: () => background?.relay.newEvents(),
      newDeliveries: () => background?.relay.newDeliveries(),
      spread: async () => background?.relay.spread(),
    },
  });
  const metrics = createRelayMetrics(registry);
  let stopping = false;
  const isReady = async (): Promise<boolean> => !stopping && isAnswering(database);
  const http = await createRoutes({
    version: VERSION,
    config,
    logger,
    tracing,
    registry,
    readMetrics,
    answers,
    services,
    isReady,
    onUnavailable: (error) => outages.noticed(error),
  });

  return {
    http,
    services,
    startBackground: async () => {
      await news.start();
      lists.start();
      background = await startBackground({ config, database, logger, tracing, services, metrics, clockOffsetMs });
    },
    close: async ({ lingerMs } = { lingerMs: 0 }) => {
      stopping = true;
      services.dashboard.close();
      if (lingerMs > 0) keepIdleConnections(http.server, lingerMs);
      const impatience = setTimeout(() => http.server.closeAllConnections(), STRAGGLERS_MS);
      await http.close();
      clearTimeout(impatience);
      await background?.stop();
      await Promise.all([news.stop(), lists.stop()]);
      await commit.drained();
      outages.stop();
    },
  };
}

/** Lists come from the replicas of the settings, where there are any. */
function openLists({ databaseReplicaUrl: url, slowQueryMs }: Config, database: Database, logger: Logger, registry: Registry): ListReader {
  return createLists({
    database,
    replicas: (url === null ? [] : urlsOf(url)).map((each) => openReplica(each, slowStatements(logger, slowQueryMs))),
    metrics: createListMetrics(registry),
    onChange: (replica, error) => {
      if (error === null) logger.info({ replica }, 'lists are read from the replica');
      else logger.warn({ replica, err: error }, 'lists are not read from the replica for now');
    },
  });
}

function createEngine(deps: {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly tracing: Tracing | null;
  readonly registry: Registry;
  readonly clockOffsetMs: () => number;
  readonly outages: Outages;
  readonly hasOthers: () => boolean;
}): CommitEngine {
  const { config, database, logger, tracing, registry, clockOffsetMs, outages, hasOthers } = deps;
  return createCommitEngine({
    database,
    batchMax: config.groupCommitMax,
    writers: database.limits.writers,
    clockOffsetMs,
    recordActions,
    registry,
    hasOthers,
    watch: watchOf(config, logger, tracing),
    onError: (error, queue) => {
      if (failureOf(error) === 'unavailable') outages.noticed(error);
      else logger.error({ err: error, queue }, 'batch failed');
    },
  });
}

function openNews({ target }: Database, logger: Logger): NewsService & Talk {
  return createNews({ target, onError: (error) => logger.warn({ err: error }, 'no news of other processes, will try again') });
}

/** What runs behind the requests. */
interface Background {
  readonly relay: Relay;
  stop(): Promise<void>;
}

/** Who follows batches: the log of what is slow, and traces. */
function watchOf({ slowQueryMs, slowBatchMs: batchMs }: Config, logger: Logger, tracing: Tracing | null): CommitWatch | null {
  const onSlowBatch: SlowLog['onSlowBatch'] = (batch) => logger.warn(batch, 'slow batch');
  return watchBoth(tracing?.commits ?? null, watchSlow({ onSlowStatement: slowStatements(logger, slowQueryMs), batchMs, onSlowBatch }));
}

async function startBackground(deps: {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly tracing: Tracing | null;
  readonly services: Services;
  readonly metrics: RelayMetrics;
  readonly clockOffsetMs: () => number;
}): Promise<Background> {
  const { config, database, logger, tracing, services, metrics, clockOffsetMs } = deps;
  const { rankings, orders, destinations, accounts } = services;
  services.dashboard.start();
  await destinations.start(config.sink);
  if (!(await rankings.reload())) {
    await rankings.refresh(null, null);
    await rankings.reload();
  }
  const relay = startRelay({
    database: database.background,
    source: config.publicUrl ?? EVENT_SOURCE,
    destinations,
    createSink: sinkMaker({ logger, allowPrivate: config.webhookAllowPrivate, clockOffsetMs }),
    retryMs: config.retryMs,
    clockOffsetMs,
    metrics,
    watchAttempt: tracing?.watchAttempt ?? null,
    onAttempt: attemptLog(logger),
    onLag: (backlog) => logger.warn(backlog, 'deliveries lag behind'),
    onError: (error, destination) => logger.warn({ err: error, destination }, 'the relay failed, will try again'),
  });
  const scheduler = startScheduler({
    database,
    orders,
    rankings,
    destinations,
    deleteExpiredSessions: async (at) => accounts?.deleteExpiredSessions(at) ?? 0,
    eventRetentionDays: config.eventRetentionDays,
    clockOffsetMs,
    rankCron: config.rankCron,
    rankTimeZone: config.rankTimeZone,
    onError: (error) => logger.warn({ err: error }, 'background work failed, will be tried again'),
  });
  return {
    relay,
    stop: async () => {
      await Promise.all([relay.stop(), scheduler.stop()]);
    },
  };
}

/** Tells of attempts: of the ordinary at debug, of a delivery that is given up as a warning; null where neither would be written. */
function attemptLog(logger: Logger): RelayOptions['onAttempt'] {
  if (!logger.isLevelEnabled('warn')) return null;
  const isVerbose = logger.isLevelEnabled('debug');
  return (destination, result) => {
    const { claim, outcome, durationMs, statusCode, retryInMs } = result;
    const isGivenUp = outcome === 'failed' && retryInMs === null;
    if (!isVerbose && !isGivenUp) return;
    const { id, eventId, type, orderId, attempts } = claim;
    const line = { destination, deliveryId: id, eventId, type, orderId, attempts, outcome, statusCode, ms: durationMs };
    if (isGivenUp) logger.warn(line, 'a delivery failed for good');
    else logger.debug(line, 'attempted');
  };
}

/** Who is told where what was just written could not be read back; the scheduler reads it soon. */
function onStaleOf(logger: Logger): (error: unknown) => void {
  return (error) => logger.warn({ err: error }, 'what was just written could not be read back, will be tried again');
}

/** null where there is no secret to sign sessions with. */
function createAccounts({ auth, publicUrl, production }: Config, database: Database, logger: Logger): AccountService | null {
  if (auth.secret === null) return null;
  return createAccountService({
    pool: database.readers,
    secret: auth.secret,
    baseUrl: publicUrl,
    secureCookies: production || publicUrl?.startsWith('https:') === true,
    onError: (message, details) => logger.error({ details }, message),
  });
}

function createServices(deps: {
  readonly config: Config;
  readonly database: Database;
  readonly lists: Lists;
  readonly logger: Logger;
  readonly commit: CommitEngine;
  readonly registry: Registry;
  readonly answers: AnswerCounts;
  readonly clockOffsetMs: () => number;
  readonly relay: Pick<Relay, 'newEvents' | 'newDeliveries' | 'spread'>;
  readonly news: News & Talk;
}): Services {
  const { config, database, lists, logger, commit, registry, answers, clockOffsetMs, relay, news } = deps;
  const { maxCharge, maxBalance, currency, orderTtlSeconds: ttlSeconds, maxPendingOrders } = config;
  const products = createProductService({ database, lists, commit, news, clockOffsetMs });
  const balances = createBalanceService({ database, commit, limits: { maxCharge, maxBalance }, currency });
  const onStale = onStaleOf(logger);
  const destinations = createDestinationService({ database, commit, news, allowPrivate: config.webhookAllowPrivate, onStale });
  const outbox = createOutbox(destinations, relay);
  const coupons = createCouponService({ database, lists, commit, outbox, news, clockOffsetMs });
  const orders = createOrderService({
    database,
    lists,
    commit,
    stock: products,
    coupons,
    outbox,
    limits: { ttlSeconds, maxPendingOrders },
    clockOffsetMs,
  });
  const deliveries = createDeliveryService({ database, lists, commit, relay, clockOffsetMs });
  const payments = createPaymentService({ database, lists, commit, orders, stock: products, coupons, balances, outbox });
  const rankings = createRankingService({ database, commit, outbox, news, onStale });
  const staff = createStaffService({ database, lists });
  const dashboard = createDashboardService({
    database,
    lists,
    deliveries,
    registry,
    talk: news,
    answers,
    timeZone: config.rankTimeZone,
    clockOffsetMs,
    onError: (error) => logger.warn({ err: error }, 'the dashboard could not be read'),
  });
  return {
    products,
    balances,
    coupons,
    orders,
    payments,
    rankings,
    deliveries,
    destinations,
    staff,
    timelines: createTimelineService({ orders, coupons, payments, deliveries, staff }),
    journals: createJournalService({ products, orders, payments }),
    customers: createCustomerService({ database, lists, balances, orders, clockOffsetMs }),
    dashboard,
    audits: createAuditService(database),
    accounts: createAccounts(config, database, logger),
  };
}
