/**
 * A small shop in memory that answers the part of the wire contract that a replay uses. It lets the replay be tested
 * alone, and be lied to: `intercept` may answer instead of the shop, `tamper` may change what it answers.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { newId } from '../../src/kernel/ids.ts';

export interface ShopCall {
  readonly method: string;
  readonly path: string;
  readonly user: string;
  readonly role: string;
  readonly key: string | undefined;
  readonly body: Body;
}

const Lines = Type.Array(Type.Object({ optionId: Type.String(), quantity: Type.Integer() }));
const OptionBody = Type.Object({ sku: Type.String(), name: Type.String(), price: Type.Integer(), stock: Type.Integer() });

/** All fields of all bodies that a replay sends. */
const Body = Type.Partial(
  Type.Object(
    {
      ...OptionBody.properties,
      options: Type.Array(OptionBody),
      amount: Type.Integer(),
      reference: Type.String(),
      userId: Type.String(),
      orderId: Type.String(),
      lines: Lines,
      restock: Type.Boolean(),
      reason: Type.String(),
    },
    { additionalProperties: false },
  ),
);
type Body = Static<typeof Body>;

export interface ShopReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

interface Option {
  id: string;
  productId: string;
  sku: string;
  price: number;
  onHand: number;
  reserved: number;
}

interface Order {
  id: string;
  userId: string;
  status: string;
  lines: { optionId: string; unitPrice: number; quantity: number; refunded: number }[];
  total: number;
  paymentId: string | null;
}

interface Payment {
  id: string;
  orderId: string;
  amount: number;
  refunded: number;
  paidAt: string;
}

interface Refund {
  id: string;
  paymentId: string;
  amount: number;
  lines: { optionId: string; quantity: number }[];
  restocked: boolean;
}

export interface ShopSettings {
  currency?: string;
  maxCharge?: number;
  /** May answer instead of the shop; what it answers has no effect. */
  intercept?: (call: ShopCall) => ShopReply | undefined;
  /** May change what the shop answers, after the effect. */
  tamper?: (call: ShopCall, reply: ShopReply) => ShopReply;
}

/** Statuses of a connection that is lost before the answer, and of an answer that never comes. */
export const LOST = 0;
export const SILENT = -1;

const HOUR_MS = 3_600_000;
const problem = (status: number, code: string): ShopReply => ({ status, body: { code, detail: `made up: ${code}` } });
const page = (items: unknown[]): ShopReply => ({ status: 200, body: { items, nextCursor: null } });

/** The state and the rules of the shop. */
export class MemoryShop {
  readonly products = new Map<string, { id: string; name: string }>();
  readonly options = new Map<string, Option>();
  readonly balances = new Map<string, number>();
  readonly orders = new Map<string, Order>();
  readonly payments = new Map<string, Payment>();
  readonly refunds: Refund[] = [];
  readonly calls: ShopCall[] = [];
  readonly settings: ShopSettings;
  readonly #answers = new Map<string, ShopReply>();

  constructor(settings: ShopSettings = {}) {
    this.settings = settings;
  }

  answer(call: ShopCall): ShopReply {
    this.calls.push(call);
    const instead = this.settings.intercept?.(call);
    if (instead) return instead;
    const scope = JSON.stringify([call.user, call.method, call.path, call.key]);
    const reply = this.#answers.get(scope) ?? this.#act(call);
    if (call.key !== undefined && reply.status < 300) this.#answers.set(scope, structuredClone(reply));
    return this.settings.tamper?.(call, structuredClone(reply)) ?? reply;
  }

  /** Lets all pending orders expire. */
  expire(): void {
    for (const order of this.orders.values()) {
      if (order.status !== 'pending') continue;
      order.status = 'expired';
      for (const { optionId, quantity } of order.lines) this.#option(optionId).reserved -= quantity;
    }
  }

  #act(call: ShopCall): ShopReply {
    const [, resource = '', id = '', rest = ''] = call.path.split('?')[0]?.split('/') ?? [];
    const query = new URLSearchParams(call.path.split('?')[1]);
    if (call.method === 'GET') return this.#get(resource, id, rest, query.get('userId') ?? call.user);
    switch (`${resource}/${rest === '' ? id : rest}`) {
      case 'products/':
        return this.#addProduct(call.body);
      case 'products/options':
        return { status: 201, body: this.#addOption(id, call.body) };
      case 'balance/charge':
        return this.#charge(call.body);
      case 'orders/':
        return this.#place(call.user, call.body.lines ?? []);
      case 'payments/':
        return this.#pay(call.body.orderId ?? '');
      case 'payments/refunds':
        return this.#refund(id, call.body);
      case 'rankings/refresh':
        return this.#rank();
      default:
        return problem(404, 'ROUTE_NOT_FOUND');
    }
  }

  #get(resource: string, id: string, rest: string, userId: string): ShopReply {
    if (resource === 'balance') {
      return { status: 200, body: { userId, amount: this.balances.get(userId) ?? 0, currency: this.settings.currency ?? 'GBP' } };
    }
    if (rest === 'refunds') return page(this.refunds.filter(({ paymentId }) => paymentId === id));
    if (resource === 'payments' && id === '') return page([...this.payments.values()]);
    const found = resource === 'products' ? this.#product(id) : (this.orders.get(id) ?? this.payments.get(id));
    return found ? { status: 200, body: found } : problem(404, 'NOT_FOUND');
  }

  #product(id: string): unknown {
    return { ...this.products.get(id), options: [...this.options.values()].filter(({ productId }) => productId === id) };
  }

  #option(id: string): Option {
    const option = this.options.get(id);
    if (!option) throw new Error(`no option ${id}`);
    return option;
  }

  #addProduct({ name = '', options = [] }: Body): ShopReply {
    const taken = new Set([...this.options.values()].map(({ sku }) => sku));
    if (options.some(({ sku }) => taken.has(sku))) return problem(409, 'SKU_TAKEN');
    if (options.length > 100) return problem(400, 'VALIDATION_FAILED');
    const id = newId();
    this.products.set(id, { id, name });
    for (const option of options) this.#addOption(id, option);
    return { status: 201, body: this.#product(id) };
  }

  #addOption(productId: string, { sku = '', price = 0, stock = 0 }: Body): Option {
    const option = { id: newId(), productId, sku, price, onHand: stock, reserved: 0 };
    this.options.set(option.id, option);
    return option;
  }

  #charge({ userId = '', amount = 0 }: Body): ShopReply {
    if (amount > (this.settings.maxCharge ?? Number.POSITIVE_INFINITY)) return problem(409, 'CHARGE_LIMIT_EXCEEDED');
    this.balances.set(userId, (this.balances.get(userId) ?? 0) + amount);
    return { status: 200, body: { userId, amount: this.balances.get(userId), charged: amount } };
  }

  #place(userId: string, lines: { optionId: string; quantity: number }[]): ShopReply {
    if (lines.length > 100 || lines.some(({ quantity }) => quantity > 999)) return problem(400, 'VALIDATION_FAILED');
    for (const { optionId, quantity } of lines) {
      const option = this.#option(optionId);
      if (option.onHand - option.reserved < quantity) return problem(409, 'OUT_OF_STOCK');
    }
    for (const { optionId, quantity } of lines) this.#option(optionId).reserved += quantity;
    const priced = lines.map(({ optionId, quantity }) => ({ optionId, quantity, unitPrice: this.#option(optionId).price, refunded: 0 }));
    const total = priced.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
    const order = { id: newId(), userId, status: 'pending', lines: priced, total, paymentId: null };
    this.orders.set(order.id, order);
    return { status: 201, body: order };
  }

  #pay(orderId: string): ShopReply {
    const order = this.orders.get(orderId);
    if (!order) return problem(404, 'ORDER_NOT_FOUND');
    if (order.status === 'expired') return problem(409, 'ORDER_EXPIRED');
    const balance = (this.balances.get(order.userId) ?? 0) - order.total;
    if (balance < 0) return problem(409, 'INSUFFICIENT_BALANCE');
    this.balances.set(order.userId, balance);
    for (const { optionId, quantity } of order.lines) {
      this.#option(optionId).onHand -= quantity;
      this.#option(optionId).reserved -= quantity;
    }
    const payment = { id: newId(), orderId, amount: order.total, refunded: 0, paidAt: new Date().toISOString() };
    this.payments.set(payment.id, payment);
    Object.assign(order, { status: 'paid', paymentId: payment.id });
    return { status: 201, body: payment };
  }

  #refund(paymentId: string, { lines = [], restock = false }: Body): ShopReply {
    const payment = this.payments.get(paymentId);
    const order = this.orders.get(payment?.orderId ?? '');
    if (!payment || !order) return problem(404, 'PAYMENT_NOT_FOUND');
    let amount = 0;
    for (const { optionId, quantity } of lines) {
      const line = order.lines.find((candidate) => candidate.optionId === optionId);
      if (!line || line.refunded + quantity > line.quantity) return problem(409, 'REFUND_EXCEEDS_PAYMENT');
      line.refunded += quantity;
      amount += quantity * line.unitPrice;
      if (restock) this.#option(optionId).onHand += quantity;
    }
    payment.refunded += amount;
    this.balances.set(order.userId, (this.balances.get(order.userId) ?? 0) + amount);
    order.status = order.lines.every(({ quantity, refunded }) => quantity === refunded) ? 'refunded' : 'partiallyRefunded';
    const refund = { id: newId(), paymentId, amount, lines, restocked: restock };
    this.refunds.push(refund);
    return { status: 201, body: refund };
  }

  #rank(): ShopReply {
    const paid = [...this.orders.values()].filter(({ paymentId }) => paymentId !== null).flatMap(({ lines }) => lines);
    const byProduct = Map.groupBy(paid, ({ optionId }) => this.#option(optionId).productId);
    const sold = [...byProduct].map(([productId, lines]) => {
      const left = lines.map(({ quantity, refunded, unitPrice }) => ({ units: quantity - refunded, unitPrice }));
      const quantity = left.reduce((sum, { units }) => sum + units, 0);
      const revenue = left.reduce((sum, { units, unitPrice }) => sum + units * unitPrice, 0);
      return { productId, name: this.products.get(productId)?.name, quantity, revenue };
    });
    const items = sold
      .filter(({ quantity }) => quantity > 0)
      .toSorted((a, b) => b.quantity - a.quantity || b.revenue - a.revenue || (a.productId < b.productId ? -1 : 1))
      .slice(0, 5)
      .map((item, index) => Object.assign(item, { rank: index + 1 }));
    return { status: 200, body: { from: new Date(Date.now() - 72 * HOUR_MS).toISOString(), items } };
  }
}

/** Tokens of the shop in memory: role and user, nothing else. */
export function mintToken(sub: string, role = 'customer'): Promise<string> {
  return Promise.resolve(`${role}:${sub}`);
}

function readCall(request: IncomingMessage, text: string): ShopCall {
  const [role = '', user = ''] = (request.headers.authorization ?? '').replace('Bearer ', '').split(':');
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (!Value.Check(Body, body)) throw new Error(`a body that the shop does not know: ${text}`);
  const key = request.headers['idempotency-key'];
  const { method = '', url: path = '' } = request;
  return { method, path, user, role, key: typeof key === 'string' ? key : undefined, body };
}

/** Lets a shop answer on a loopback port while `work` runs. */
export async function withShop<T>(shop: { answer(call: ShopCall): ShopReply }, work: (baseUrl: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { status, body, headers = {} } = shop.answer(readCall(request, text));
      if (status === LOST) request.socket.destroy();
      else if (status !== SILENT) response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the shop has no port');
  try {
    return await work(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
