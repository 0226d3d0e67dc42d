/** The addresses of the back office. Every page is loaded when somebody is about to open it. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { expectNewPage } from '../shop/ui/page-title.tsx';
import { BrokenPage, MissingPage } from './pages/lost-pages.tsx';
import { couponSearch, customerSearch, deliverySearch, orderSearch, productSearch, trailSearch } from './search.ts';
import { PageSkeleton, Shell } from './ui/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage, errorComponent: BrokenPage });
const getParentRoute = () => root;

const dashboard = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/dashboard-page.tsx'), 'DashboardPage'),
});
const orders = createRoute({
  getParentRoute,
  path: '/orders',
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import('./pages/orders-page.tsx'), 'OrdersPage'),
});
const order = createRoute({
  getParentRoute,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('./pages/order-page.tsx'), 'OrderPage'),
});
const products = createRoute({
  getParentRoute,
  path: '/products',
  validateSearch: productSearch,
  component: lazyRouteComponent(() => import('./pages/products-page.tsx'), 'ProductsPage'),
});
const newProduct = createRoute({
  getParentRoute,
  path: '/products/new',
  component: lazyRouteComponent(() => import('./pages/new-product-page.tsx'), 'NewProductPage'),
});
const importProducts = createRoute({
  getParentRoute,
  path: '/products/import',
  component: lazyRouteComponent(() => import('./pages/import-page.tsx'), 'ImportPage'),
});
const product = createRoute({
  getParentRoute,
  path: '/products/$productId',
  component: lazyRouteComponent(() => import('./pages/product-page.tsx'), 'ProductPage'),
});
const coupons = createRoute({
  getParentRoute,
  path: '/coupons',
  validateSearch: couponSearch,
  component: lazyRouteComponent(() => import('./pages/coupons-page.tsx'), 'CouponsPage'),
});
const coupon = createRoute({
  getParentRoute,
  path: '/coupons/$couponId',
  component: lazyRouteComponent(() => import('./pages/coupon-page.tsx'), 'CouponPage'),
});
const customers = createRoute({
  getParentRoute,
  path: '/customers',
  validateSearch: customerSearch,
  component: lazyRouteComponent(() => import('./pages/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute,
  path: '/customers/$userId',
  component: lazyRouteComponent(() => import('./pages/customer-page.tsx'), 'CustomerPage'),
});
const deliveries = createRoute({
  getParentRoute,
  path: '/deliveries',
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import('./pages/deliveries-page.tsx'), 'DeliveriesPage'),
});
const destinations = createRoute({
  getParentRoute,
  path: '/destinations',
  component: lazyRouteComponent(() => import('./pages/destinations-page.tsx'), 'DestinationsPage'),
});
const ranking = createRoute({
  getParentRoute,
  path: '/ranking',
  component: lazyRouteComponent(() => import('./pages/ranking-page.tsx'), 'RankingPage'),
});
const audit = createRoute({
  getParentRoute,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit-page.tsx'), 'AuditPage'),
});
const trail = createRoute({
  getParentRoute,
  path: '/trail',
  validateSearch: trailSearch,
  component: lazyRouteComponent(() => import('./pages/trail-page.tsx'), 'TrailPage'),
});

const sale = [dashboard, orders, order, products, newProduct, importProducts, product, coupons, coupon, customers, customer] as const;
const house = [deliveries, destinations, ranking, audit, trail] as const;

export const router = createRouter({
  routeTree: root.addChildren([...sale, ...house]),
  basepath: '/admin',
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  scrollRestoration: true,
});

router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
  if (fromLocation !== undefined && pathChanged) expectNewPage();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
