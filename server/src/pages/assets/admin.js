/** The back office: products and stock, coupons, orders and refunds, deliveries, the ranking. */
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
  showList,
  signIn,
  time,
  topBar,
} from './common.js';

const user = await currentUser();
const isStaff = user?.role === 'staff';
const page = document.querySelector('#page');
const bar = topBar(say('Openrun back office', '오픈런 관리자'), ['/shop', say('Shop', '상점')], user);

const TABS = [
  ['products', say('Products', '상품'), showProducts],
  ['coupons', say('Coupons', '쿠폰'), showCoupons],
  ['orders', say('Orders', '주문'), showOrders],
  ['deliveries', say('Deliveries', '외부 전송'), showDeliveries],
  ['ranking', say('Ranking', '인기 순위'), showRanking],
];

if (isStaff) {
  globalThis.addEventListener('hashchange', () => void showTab());
  await showTab();
} else {
  const refused = el('p', {}, say('This account is not one of the staff.', '직원 계정이 아닙니다.'));
  page.replaceChildren(bar, el('main', { className: 'text' }, user === null ? signIn(() => location.reload()) : refused));
}

async function showTab() {
  const [name, title, show] = TABS.find(([id]) => `#${id}` === location.hash) ?? TABS[0];
  const links = TABS.map(([id, label]) => el('a', { href: `#${id}`, ariaCurrent: id === name ? 'page' : null }, label));
  const content = el('div');
  page.replaceChildren(bar, el('nav', {}, ...links), el('main', {}, el('h2', {}, title), content));
  await show(content);
}

/* Products */

async function showProducts(content) {
  const results = el('div');
  const find = ({ search = '' } = {}) =>
    showList(results, pages('/products', search === '' ? {} : { search }), productCard, say('Nothing found.', '검색 결과가 없습니다.'));
  const search = form(
    [['search', say('Search', '검색'), { type: 'search', required: false, maxLength: 200 }]],
    say('Search', '검색'),
    find,
    { className: 'inline' },
  );
  content.replaceChildren(search, results);
  await find();
}

function productCard(product) {
  const hidden = product.status === 'hidden' ? el('span', { className: 'badge' }, say('Hidden', '숨김')) : '';
  return el(
    'article',
    { className: 'card' },
    el('h3', {}, product.name, hidden),
    el('div', { className: 'scroll' }, stockTable(product.options)),
  );
}

function stockTable(options) {
  const heads = [
    'SKU',
    say('Option', '옵션'),
    say('Price', '가격'),
    say('On hand', '보유'),
    say('Reserved', '예약'),
    say('Left', '판매 가능'),
    say('Adjust', '재고 조정'),
  ];
  return el(
    'table',
    {},
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', {}, head)))),
    el('tbody', {}, ...options.map(stockRow)),
  );
}

function stockRow(option) {
  const cells = { onHand: el('td'), reserved: el('td'), available: el('td') };
  const showStock = (stock) => {
    for (const [name, cell] of Object.entries(cells)) cell.textContent = stock[name];
  };
  showStock(option);
  const adjust = async ({ delta, reason }, element) => {
    showStock(await call('POST', `/options/${option.id}/stock`, { delta: Number(delta), reason }));
    element.reset();
  };
  const fields = [
    ['delta', '±', { type: 'number', step: 1 }],
    ['reason', say('Reason', '사유'), { maxLength: 500 }],
  ];
  return el(
    'tr',
    {},
    el('td', {}, el('code', {}, option.sku)),
    el('td', {}, option.name),
    el('td', {}, money(option.price)),
    ...Object.values(cells),
    el('td', {}, form(fields, say('Adjust', '조정'), adjust, { className: 'inline' })),
  );
}

/* Coupons */

async function showCoupons(content) {
  const list = el('div');
  const show = () => showList(list, pages('/coupons'), couponRow, say('There are none.', '쿠폰이 없습니다.'));
  const kinds = [
    ['fixed', say('Amount off', '정액 할인')],
    ['percent', say('Per cent off', '정률 할인(%)')],
  ];
  const create = form(
    [
      ['name', say('Name', '이름'), { maxLength: 200 }],
      select('type', say('Discount', '할인'), kinds),
      ['value', say('Amount or per cent', '금액 또는 %'), { ...moneyField }],
      ['maxAmount', say('At most (per cent off)', '최대 할인 금액 (정률)'), { ...moneyField, required: false }],
      ['minOrderAmount', say('Orders from', '최소 주문 금액'), { ...moneyField, min: 0, required: false }],
      ['quantity', say('Quantity', '수량'), { type: 'number', min: 1, step: 1 }],
      ['startsAt', say('From (now, if empty)', '시작 (비우면 지금)'), { type: 'datetime-local', required: false }],
      ['expiresAt', say('Until', '종료'), { type: 'datetime-local' }],
    ],
    say('Create', '만들기'),
    async (values, element) => {
      const coupon = await call('POST', '/coupons', couponOf(values));
      notify(say(`Created: ${coupon.name}`, `만들었습니다: ${coupon.name}`));
      element.reset();
      await show();
    },
    { className: 'grid' },
  );
  content.replaceChildren(el('details', {}, el('summary', {}, say('New coupon', '새 쿠폰')), create), list);
  await show();
}

function couponOf({ name, type, value, maxAmount, minOrderAmount, quantity, startsAt, expiresAt }) {
  const percent = { type, percent: Number(value), ...(maxAmount === '' ? {} : { maxAmount: minorUnits(maxAmount) }) };
  return {
    name,
    discount: type === 'fixed' ? { type, amount: minorUnits(value) } : percent,
    quantity: Number(quantity),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(minOrderAmount === '' ? {} : { minOrderAmount: minorUnits(minOrderAmount) }),
    ...(startsAt === '' ? {} : { startsAt: new Date(startsAt).toISOString() }),
  };
}

function couponRow(coupon) {
  const states = {
    open: say('Open', '발급 중'),
    scheduled: say('Scheduled', '예정'),
    soldOut: say('Sold out', '소진'),
    expired: say('Expired', '만료'),
  };
  const { discount } = coupon;
  const off = discount.type === 'fixed' ? money(discount.amount) : `${discount.percent} %`;
  const issued = say(`${coupon.issued} of ${coupon.quantity} issued`, `${coupon.quantity}개 중 ${coupon.issued}개 발급`);
  return el(
    'article',
    { className: 'card' },
    el('h3', {}, coupon.name, el('span', { className: 'badge' }, states[coupon.status])),
    el('p', {}, `${off} · ${issued} · ${time(coupon.startsAt)} – ${time(coupon.expiresAt)}`),
  );
}

/* Orders */

function showOrders(content) {
  const show = () => showList(content, pages('/orders'), (order) => orderCard(order, show), say('No orders yet.', '주문 내역이 없습니다.'));
  return show();
}

function orderCard(order, changed) {
  const states = {
    pending: say('To be paid', '결제 대기'),
    paid: say('Paid', '결제 완료'),
    cancelled: say('Cancelled', '취소됨'),
    expired: say('Expired', '기한 만료'),
    refunded: say('Refunded', '환불됨'),
    partiallyRefunded: say('Partly refunded', '부분 환불됨'),
  };
  const lines = order.lines.map((line) => el('li', {}, `${line.name} × ${line.quantity} · ${money(line.amount)}`));
  const canRefund = order.status === 'paid' || order.status === 'partiallyRefunded';
  const cancel = button(say('Cancel', '주문 취소'), async () => {
    await call('POST', `/orders/${order.id}/cancel`);
    await changed();
  });
  return el(
    'article',
    { className: 'card' },
    el('h3', {}, money(order.total), el('span', { className: 'badge' }, states[order.status])),
    el('p', { className: 'quiet' }, `${time(order.createdAt)} · ${order.userId} · ${order.id}`),
    el('ul', {}, ...lines),
    order.status === 'pending' ? cancel : '',
    canRefund ? refundForm(order, changed) : '',
  );
}

/** Refunds all that is left, or some units of one line. */
function refundForm(order, changed) {
  const lines = [['', say('All that is left', '남은 전체')], ...order.lines.map((line) => [line.optionId, line.name])];
  const refund = async ({ optionId, quantity, restock, reason }) => {
    const some = optionId === '' ? {} : { lines: [{ optionId, quantity: Number(quantity) }] };
    const body = { ...some, restock: restock === 'on', reason };
    const { amount } = await call('POST', `/payments/${order.paymentId}/refunds`, body);
    notify(say(`Refunded ${money(amount)}`, `${money(amount)} 환불되었습니다`));
    await changed();
  };
  const fields = [
    select('optionId', say('What', '대상'), lines),
    ['quantity', say('Units of the line', '상품 수량'), { type: 'number', min: 1, max: 999, value: 1 }],
    ['reason', say('Reason', '사유'), { maxLength: 500 }],
    ['restock', say('Back on sale', '재고로 되돌리기'), { type: 'checkbox', required: false }],
  ];
  const label = say('Refund', '환불');
  return el('details', {}, el('summary', {}, label), form(fields, label, refund, { className: 'grid' }));
}

/* Deliveries and ranking */

async function showDeliveries(content) {
  const list = el('div');
  const states = { pending: say('Pending', '대기'), delivered: say('Delivered', '완료'), failed: say('Failed', '실패') };
  const filter = select('status', say('Status', '상태'), [['', say('All', '전체')], ...Object.entries(states)]);
  const chosen = filter.querySelector('select');
  const show = () => {
    const query = chosen.value === '' ? {} : { status: chosen.value };
    return showList(list, pages('/deliveries', query), row, say('There are none.', '전송 내역이 없습니다.'));
  };
  const row = (delivery) => {
    const again = button(say('Deliver again', '다시 전송'), async () => {
      await call('POST', `/deliveries/${delivery.id}/replay`);
      await show();
    });
    const attempts = say(`attempts: ${delivery.attempts}`, `시도 ${delivery.attempts}회`);
    return el(
      'article',
      { className: 'card' },
      el('h3', {}, delivery.type, el('span', { className: 'badge' }, states[delivery.status])),
      el('p', {}, [time(delivery.createdAt), delivery.destination, attempts, delivery.lastError].filter(Boolean).join(' · ')),
      again,
    );
  };
  chosen.addEventListener('change', () => void show());
  content.replaceChildren(filter, list);
  await show();
}

async function showRanking(content) {
  const show = ({ asOf, from, to, items }) => {
    const rows = items.map(({ name, quantity, revenue }) =>
      el('li', {}, `${name} · ${say(`${quantity} sold`, `${quantity}개`)} · ${money(revenue)}`),
    );
    content.replaceChildren(
      el('p', { className: 'quiet' }, `${say('As of', '기준')} ${time(asOf)} (${time(from)} – ${time(to)})`),
      rows.length === 0 ? el('p', {}, say('Nothing was sold.', '판매 내역이 없습니다.')) : el('ol', {}, ...rows),
      button(say('Compute now', '지금 집계'), async () => show(await call('POST', '/rankings/refresh'))),
    );
  };
  show(await call('GET', '/products/rank'));
}
