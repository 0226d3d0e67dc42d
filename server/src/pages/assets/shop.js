/** The shop: what there is, coupons, the basket, and the customer's balance and orders. */
import {
  button,
  call,
  currentUser,
  el,
  form,
  minorUnits,
  money,
  moneyField,
  notify,
  pages,
  say,
  select,
  settings,
  showList,
  signIn,
  time,
  topBar,
} from './common.js';

const BASKET_KEY = 'openrun.basket';
const QUANTITY_MAX = 999;
const user = await currentUser();

/** Lines by option: `{ label, price, quantity }`. Kept over the reload of a sign-in. */
const basket = new Map(JSON.parse(sessionStorage.getItem(BASKET_KEY) ?? '[]'));
/** The customer's coupons that can be used. */
let myCoupons = [];

const section = (id, title) => {
  const content = el('div');
  return { content, whole: el('section', { id }, el('h2', {}, title), content) };
};
const products = section('products', say('Drops', '상품'));
const ranking = section('ranking', say('Best sellers', '인기 상품'));
const coupons = section('coupons', say('Coupons', '선착순 쿠폰'));
const account = section('account', user === null ? say('Sign in', '로그인') : say('Balance', '잔액'));
const cart = section('basket', say('Basket', '장바구니'));
const orders = section('orders', say('My orders', '내 주문'));

const mine = user === null ? [account, cart] : [account, cart, orders];
const links = [products, coupons, ...mine].map(({ whole }) => el('a', { href: `#${whole.id}` }, whole.querySelector('h2').textContent));
document
  .querySelector('#page')
  .replaceChildren(
    topBar(say('Openrun', '오픈런'), ['/admin', say('Back office', '관리자')], user),
    el('nav', {}, ...links),
    el(
      'main',
      { className: 'shop' },
      el('div', {}, ranking.whole, products.whole),
      el('aside', {}, ...[...mine, coupons].map(({ whole }) => whole)),
    ),
  );

/* Products */

const results = el('div');
const sorts = [
  ['newest', say('Newest', '최신순')],
  ['priceAsc', say('Lowest price', '낮은 가격순')],
  ['priceDesc', say('Highest price', '높은 가격순')],
  ['name', say('Name', '이름순')],
];
const search = form(
  [
    ['search', say('Search', '검색'), { type: 'search', required: false, maxLength: 200 }],
    select('sort', say('Sort', '정렬'), sorts),
    ['inStock', say('In stock', '재고 있음'), { type: 'checkbox', value: 'true', required: false }],
  ],
  say('Search', '검색'),
  showProducts,
  { className: 'inline' },
);
products.content.replaceChildren(search, results);

function showProducts() {
  const filters = [...new FormData(search)].filter(([, value]) => value !== '');
  return showList(results, pages('/products', Object.fromEntries(filters)), productCard, say('Nothing found.', '검색 결과가 없습니다.'));
}

function productCard(product) {
  const isGone = product.options.every((option) => option.soldOut);
  const choices = product.options.map((option) => [option.id, optionText(option), option.soldOut]);
  const open = product.options.find((option) => !option.soldOut);
  const chooser = select('optionId', say('Option', '옵션'), choices, { value: open?.id });
  const quantity = ['quantity', say('Quantity', '수량'), { type: 'number', min: 1, max: QUANTITY_MAX, value: 1 }];
  const add = ({ optionId, quantity: units }) => {
    const option = product.options.find(({ id }) => id === optionId);
    addToBasket(option, `${product.name} – ${option.name}`, Number(units));
  };
  return el(
    'article',
    { className: isGone ? 'card gone' : 'card' },
    el('h3', {}, product.name, isGone ? el('span', { className: 'badge' }, say('Sold out', '품절')) : ''),
    el('p', { className: 'description' }, product.description),
    isGone ? '' : form([chooser, quantity], say('Add to basket', '담기'), add, { className: 'inline' }),
  );
}

function optionText({ name, price, soldOut, available, maxPerUser }) {
  const left = soldOut ? say('sold out', '품절') : say(`${available} left`, `${available}개 남음`);
  const limit = maxPerUser === null ? '' : say(`, ${maxPerUser} each`, `, 1인당 ${maxPerUser}개`);
  return `${name} · ${money(price)} · ${left}${limit}`;
}

async function showRanking() {
  const { items } = await call('GET', '/products/rank');
  const rows = items.map(({ name, quantity }) => el('li', {}, name, el('small', {}, say(` ${quantity} sold`, ` ${quantity}개 판매`))));
  ranking.content.replaceChildren(el('ol', {}, ...rows));
  ranking.whole.hidden = items.length === 0;
}

/* Basket */

function addToBasket(option, label, units) {
  const quantity = Math.min(QUANTITY_MAX, (basket.get(option.id)?.quantity ?? 0) + units);
  basket.set(option.id, { label, price: option.price, quantity });
  showBasket();
  notify(say(`In your basket: ${label}`, `장바구니에 담았습니다: ${label}`));
}

function showBasket() {
  sessionStorage.setItem(BASKET_KEY, JSON.stringify([...basket]));
  const lines = [...basket].map(([optionId, { label, price, quantity }]) => {
    const remove = button(say('Remove', '빼기'), () => {
      basket.delete(optionId);
      showBasket();
    });
    return el('li', {}, `${label} × ${quantity} · ${money(price * quantity)} `, remove);
  });
  const subtotal = [...basket.values()].reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  const usable = myCoupons.map((coupon) => [coupon.id, `${coupon.name} (${discountText(coupon)})`, subtotal < coupon.minOrderAmount]);
  const order = form(
    [select('userCouponId', say('Coupon', '쿠폰'), [['', say('None', '사용 안 함')], ...usable])],
    say(`Order and pay ${money(subtotal)}`, `${money(subtotal)} 주문하고 결제`),
    checkout,
  );
  const hint = (en, ko) => el('p', { className: 'quiet' }, say(en, ko));
  const next = user === null ? hint('Sign in to order.', '주문하려면 로그인해 주세요.') : order;
  cart.content.replaceChildren(...(basket.size === 0 ? [hint('Nothing yet.', '비어 있습니다.')] : [el('ul', {}, ...lines), next]));
}

async function checkout({ userCouponId }) {
  const lines = [...basket].map(([optionId, { quantity }]) => ({ optionId, quantity }));
  const order = await call('POST', '/orders', { lines, ...(userCouponId === '' ? {} : { userCouponId }) });
  basket.clear();
  try {
    await pay(order);
  } finally {
    await Promise.all([showAccount(), showMyCoupons(), showOrders(), showProducts(), showCoupons()]);
  }
}

async function pay({ id }) {
  const payment = await call('POST', '/payments', { orderId: id });
  notify(say(`Paid ${money(payment.amount)}. Thank you!`, `${money(payment.amount)} 결제가 완료되었습니다. 감사합니다!`));
}

/* Coupons */

function discountText({ discount }) {
  if (discount.type === 'fixed') return say(`${money(discount.amount)} off`, `${money(discount.amount)} 할인`);
  const upTo = discount.maxAmount === undefined ? '' : say(`, up to ${money(discount.maxAmount)}`, `, 최대 ${money(discount.maxAmount)}`);
  return say(`${discount.percent} % off`, `${discount.percent}% 할인`) + upTo;
}

function showCoupons() {
  return showList(coupons.content, pages('/coupons'), couponCard, say('There are none.', '쿠폰이 없습니다.'));
}

function couponCard(coupon) {
  const from = say(`Orders of ${money(coupon.minOrderAmount)} or more`, `${money(coupon.minOrderAmount)} 이상 주문`);
  const states = {
    open: say(`${coupon.remaining} of ${coupon.quantity} left`, `${coupon.quantity}개 중 ${coupon.remaining}개 남음`),
    scheduled: say(`From ${time(coupon.startsAt)}`, `${time(coupon.startsAt)}부터`),
    soldOut: say('All gone', '모두 소진되었습니다'),
    expired: say('Ended', '종료되었습니다'),
  };
  const claim = button(say('Claim', '쿠폰 받기'), async () => {
    try {
      await call('POST', `/coupons/${coupon.id}/issue`);
      notify(say(`It is yours: ${coupon.name}`, `쿠폰을 받았습니다: ${coupon.name}`));
    } finally {
      await Promise.all([showMyCoupons(), showCoupons()]);
    }
  });
  return el(
    'article',
    { className: 'card' },
    el('h3', {}, coupon.name),
    el('p', {}, [discountText(coupon), ...(coupon.minOrderAmount > 0 ? [from] : []), states[coupon.status]].join(' · ')),
    user !== null && coupon.status === 'open' ? claim : '',
  );
}

async function showMyCoupons() {
  if (user === null) return;
  const { items } = await call('GET', '/me/coupons?limit=100');
  myCoupons = items.filter(({ status }) => status === 'issued');
  showBasket();
}

/* Balance and orders */

async function showAccount() {
  if (user === null) {
    account.content.replaceChildren(signIn(true, () => location.reload()));
    return;
  }
  const { amount } = await call('GET', '/balance');
  const charge = form([['amount', say('Amount', '금액'), moneyField]], say('Charge', '충전'), chargeBalance, { className: 'inline' });
  const byStaff = el('p', { className: 'quiet' }, say('The staff of the shop charge balances.', '잔액은 상점 직원이 충전합니다.'));
  account.content.replaceChildren(el('p', { className: 'balance' }, money(amount)), settings.selfCharge ? charge : byStaff);
}

async function chargeBalance({ amount: typed }) {
  const { charged } = await call('POST', '/balance/charge', { amount: minorUnits(typed) });
  notify(say(`Charged ${money(charged)}`, `${money(charged)} 충전되었습니다`));
  await showAccount();
}

const STATES = {
  pending: say('To be paid', '결제 대기'),
  paid: say('Paid', '결제 완료'),
  cancelled: say('Cancelled', '취소됨'),
  expired: say('Expired', '기한 만료'),
  refunded: say('Refunded', '환불됨'),
  partiallyRefunded: say('Partly refunded', '부분 환불됨'),
};

async function showOrders() {
  if (user === null) return;
  const ofMine = pages('/orders', { userId: user.id });
  await showList(orders.content, ofMine, orderCard, say('No orders yet.', '주문 내역이 없습니다.'));
}

function orderCard(order) {
  const then = (work) => async () => {
    try {
      await work();
    } finally {
      await Promise.all([showAccount(), showMyCoupons(), showOrders(), showProducts()]);
    }
  };
  const actions = [
    button(
      say('Pay', '결제'),
      then(() => pay(order)),
    ),
    button(
      say('Cancel', '주문 취소'),
      then(() => call('POST', `/orders/${order.id}/cancel`)),
    ),
  ];
  const until = say(`Pay by ${time(order.expiresAt)}`, `${time(order.expiresAt)}까지 결제`);
  const isPending = order.status === 'pending';
  return el(
    'article',
    { className: 'card' },
    el('h3', {}, `${STATES[order.status]} · ${money(order.total)}`),
    el('p', {}, order.lines.map((line) => `${line.name} × ${line.quantity}`).join(', ')),
    el('p', { className: 'quiet' }, isPending ? until : time(order.createdAt)),
    ...(isPending ? actions : []),
  );
}

showBasket();
await Promise.all([showRanking(), showProducts(), showCoupons(), showAccount(), showMyCoupons(), showOrders()]);
