/** The addresses of the shop. Every page but the first is loaded when somebody is about to open it. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { HomePage } from './pages/home-page.tsx';
import { BrokenPage, MissingPage } from './pages/lost-pages.tsx';
import { checkoutSearch, homeSearch, signInSearch } from './search.ts';
import { expectNewPage } from './ui/page-title.tsx';
import { PageSkeleton, Shell } from './ui/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage, errorComponent: BrokenPage });
const getParentRoute = () => root;

const home = createRoute({ getParentRoute, path: '/', validateSearch: homeSearch, component: HomePage });
const product = createRoute({
  getParentRoute,
  path: '/products/$productId',
  component: lazyRouteComponent(() => import('./pages/product-page.tsx'), 'ProductPage'),
});
const coupons = createRoute({
  getParentRoute,
  path: '/coupons',
  component: lazyRouteComponent(() => import('./pages/coupons-page.tsx'), 'CouponsPage'),
});
const basket = createRoute({
  getParentRoute,
  path: '/basket',
  component: lazyRouteComponent(() => import('./pages/basket-page.tsx'), 'BasketPage'),
});
const checkout = createRoute({
  getParentRoute,
  path: '/checkout',
  validateSearch: checkoutSearch,
  component: lazyRouteComponent(() => import('./pages/checkout-page.tsx'), 'CheckoutPage'),
});
const orders = createRoute({
  getParentRoute,
  path: '/orders',
  component: lazyRouteComponent(() => import('./pages/orders-page.tsx'), 'OrdersPage'),
});
const order = createRoute({
  getParentRoute,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('./pages/order-page.tsx'), 'OrderPage'),
});
const pay = createRoute({
  getParentRoute,
  path: '/orders/$orderId/pay',
  component: lazyRouteComponent(() => import('./pages/pay-page.tsx'), 'PayPage'),
});
const me = createRoute({
  getParentRoute,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/me-page.tsx'), 'MePage'),
});
const balance = createRoute({
  getParentRoute,
  path: '/balance',
  component: lazyRouteComponent(() => import('./pages/balance-page.tsx'), 'BalancePage'),
});
const signIn = createRoute({
  getParentRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
});
const signUp = createRoute({
  getParentRoute,
  path: '/sign-up',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-up-page.tsx'), 'SignUpPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, product, coupons, basket, checkout, orders, order, pay, me, balance, signIn, signUp]),
  basepath: '/shop',
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
