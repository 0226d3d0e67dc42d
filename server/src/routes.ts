/** Every route of the server, every refusal, and what is done with each request and answer. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { registerAccountRoutes } from './account/account.api.ts';
import { accountErrors } from './account/account.errors.ts';
import type { Services } from './app.ts';
import { registerAuditRoutes } from './audit/audit.api.ts';
import { auditErrors } from './audit/audit.errors.ts';
import { registerBalanceRoutes } from './balance/balance.api.ts';
import { balanceErrors } from './balance/balance.errors.ts';
import { commitErrors } from './commit/commit.errors.ts';
import type { Config } from './config.ts';
import { registerCouponRoutes } from './coupon/coupon.api.ts';
import { couponErrors } from './coupon/coupon.errors.ts';
import { registerCustomerRoutes } from './customer/customer.api.ts';
import { customerErrors } from './customer/customer.errors.ts';
import { registerDashboardRoutes } from './dashboard/dashboard.api.ts';
import { dashboardErrors } from './dashboard/dashboard.errors.ts';
import { registerDeliveryRoutes } from './delivery/delivery.api.ts';
import { deliveryErrors } from './delivery/delivery.errors.ts';
import { registerDestinationRoutes } from './delivery/destination.api.ts';
import { webhooksDocument } from './delivery/event.schemas.ts';
import { type AnswerCounts, countAnswers, countTurnedAway } from './http/answers.ts';
import { authErrors } from './http/auth.errors.ts';
import { createAuthenticator, createTokenMinter } from './http/auth.ts';
import { measureRequests, registerHealthRoutes } from './http/health.api.ts';
import { httpErrors } from './http/http.errors.ts';
import { registerOpenApi } from './http/openapi.ts';
import { mergeCatalogues } from './http/problem.ts';
import { logAnswers } from './http/request-log.ts';
import { traceRequests } from './http/request-trace.ts';
import { type App, createHttp } from './http/server.ts';
import { createTurnedAway } from './http/turned-away.ts';
import { registerJournalRoutes } from './journal/journal.api.ts';
import { registerOrderRoutes } from './order/order.api.ts';
import { orderErrors } from './order/order.errors.ts';
import { registerPages } from './pages/pages.api.ts';
import { registerPaymentRoutes } from './payment/payment.api.ts';
import { paymentErrors } from './payment/payment.errors.ts';
import { registerProductRoutes } from './product/product.api.ts';
import { productErrors } from './product/product.errors.ts';
import { registerRankingRoutes } from './ranking/ranking.api.ts';
import { registerStaffRoutes } from './staff/staff.api.ts';
import { registerTimelineRoutes } from './timeline/timeline.api.ts';
import type { Tracing } from './tracing/tracing.ts';

const PROBLEMS = mergeCatalogues(
  httpErrors,
  authErrors,
  commitErrors,
  accountErrors,
  productErrors,
  balanceErrors,
  couponErrors,
  orderErrors,
  paymentErrors,
  deliveryErrors,
  customerErrors,
  dashboardErrors,
  auditErrors,
);

/** The application with every route, not listening yet. */
export async function createRoutes(deps: {
  readonly version: string;
  readonly config: Config;
  readonly logger: Logger;
  readonly tracing: Tracing | null;
  readonly registry: Registry;
  readonly readMetrics: () => Promise<string>;
  readonly answers: AnswerCounts;
  readonly services: Services;
  readonly isReady: () => Promise<boolean>;
  /** Hears why a request could not be answered, where that was the database. */
  readonly onUnavailable: (error: unknown) => void;
}): Promise<App> {
  const { version, config, logger, tracing, registry, readMetrics, answers, services, isReady, onUnavailable } = deps;
  const { secret, previousSecret, jwksUrl, issuer, audience } = config.auth;
  const { accounts } = services;
  const turnedAway = createTurnedAway(logger, registry);
  const http: App = await createHttp({
    problems: PROBLEMS,
    authenticator: createAuthenticator({
      secret,
      previousSecret,
      jwksUrl,
      issuer,
      audience,
      sessions: accounts?.sessions ?? null,
      onKeySetError: (error) => logger.warn({ err: error }, 'the key set could not be fetched'),
    }),
    logger,
    trustProxy: config.trustProxy,
    rateLimitPerMinute: config.rateLimitPerMinute,
    https: config.publicUrl?.startsWith('https:') === true,
    onUnavailable,
    onTurnedAway: (method, path) => {
      turnedAway.count();
      countTurnedAway(http, answers, method, path);
    },
  });
  await registerOpenApi(http, version, webhooksDocument());
  measureRequests(http, registry, turnedAway);
  logAnswers(http, logger, { wantsOrders: tracing !== null });
  if (tracing !== null) traceRequests(http, tracing.requests);
  countAnswers(http, answers);
  registerHealthRoutes(http, { isReady, readMetrics });
  registerProductRoutes(http, services.products);
  registerBalanceRoutes(http, services.balances, config.chargePolicy);
  registerCouponRoutes(http, services.coupons);
  registerOrderRoutes(http, services.orders);
  registerPaymentRoutes(http, services.payments);
  registerRankingRoutes(http, services.rankings);
  registerDeliveryRoutes(http, services.deliveries);
  registerDestinationRoutes(http, services.destinations);
  registerStaffRoutes(http, services.staff);
  registerTimelineRoutes(http, services.timelines);
  registerJournalRoutes(http, services.journals);
  registerCustomerRoutes(http, services.customers);
  registerDashboardRoutes(http, services.dashboard);
  registerAuditRoutes(http, services.audits);
  if (accounts !== null && secret !== null) {
    registerAccountRoutes(http, { accounts, mintToken: createTokenMinter({ secret, issuer, audience }) });
  }
  await registerPages(http, { accounts: accounts !== null, currency: config.currency, chargePolicy: config.chargePolicy });
  return http;
}
