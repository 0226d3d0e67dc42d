/** A shop to put under load: customers with money, products with stock and coupons, all made through the public API. */
import { createTokenMinter } from '../../server/src/http/auth.ts';
import type { Arm } from '../arms/arm.ts';
import { sendAll } from '../load/batch.ts';
import { getRequestOf, mintUsers, postRequest, TOKEN_TTL_SECONDS, type User } from '../load/requests.ts';

/** As many as a drop has in a minute; each is somebody whose token the server has seen before. */
const USERS = 40_000;
const MONEY = 1_000_000_000_000;
const STOCK = 1_000_000_000;
const OPTIONS_A_PRODUCT = 2;

export interface Shop {
  readonly arm: Arm;
  readonly users: readonly User[];
  /** Calls the API as staff and gives the answer's body. */
  staff(method: string, path: string, body: object): Promise<unknown>;
  /** Makes products with plenty of stock and gives the ids of their options. */
  products(name: string, count: number): Promise<{ readonly productIds: string[]; readonly optionIds: string[] }>;
  coupon(name: string, quantity: number): Promise<string>;
  /** Gives every customer money; once. */
  charge(): Promise<void>;
}

/** Opens a shop on an arm; each customer has been seen once, so that the server has verified their tokens. */
export async function openShop(arm: Arm, userCount: number = USERS): Promise<Shop> {
  const mintToken = createTokenMinter({ secret: arm.secret, issuer: null, audience: null });
  const users = await mintUsers(mintToken, userCount);
  const token = await mintToken({ sub: 'staff', role: 'staff', ttlSeconds: TOKEN_TTL_SECONDS });
  let charged: Promise<void> | null = null;
  await sendAll(
    arm.port,
    users.map((user) => () => getRequestOf(user, '/balance')),
    200,
  );

  const staff = async (method: string, path: string, body: object): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${arm.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const json: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(json)}`);
    return json;
  };

  return {
    arm,
    users,
    staff,
    products: async (name, count) => {
      const productIds: string[] = [];
      const optionIds: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const options = Array.from({ length: OPTIONS_A_PRODUCT }, (_, option) => ({
          sku: `${name}-${index}-${option}`,
          name: `Option ${option}`,
          price: 10_000 + option,
          stock: STOCK,
        }));
        const made = await staff('POST', '/products', { name: `${name} ${index}`, options });
        productIds.push(idOf(made));
        optionIds.push(...optionIdsOf(made));
      }
      return { productIds, optionIds };
    },
    coupon: async (name, quantity) => {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      return idOf(await staff('POST', '/coupons', { name, discount: { type: 'percent', percent: 10 }, quantity, expiresAt }));
    },
    charge: () => {
      charged ??= sendAll(
        arm.port,
        users.map((user) => () => postRequest(user, '/balance/charge', `{"amount":${MONEY}}`)),
        200,
      );
      return charged;
    },
  };
}

function idOf(made: unknown): string {
  if (typeof made === 'object' && made !== null && 'id' in made && typeof made.id === 'string') return made.id;
  throw new Error(`no id in ${JSON.stringify(made)}`);
}

function optionIdsOf(made: unknown): string[] {
  if (typeof made === 'object' && made !== null && 'options' in made && Array.isArray(made.options)) return made.options.map(idOf);
  throw new Error(`no options in ${JSON.stringify(made)}`);
}
