/** Customers who come by the API, each with a token and a balance of their own. */
import type { Answer, TestServer } from './server.ts';
import { textAt } from './shop.ts';

/** Gives customers that have charged `amount` each. */
export async function gatherCrowd(server: TestServer, name: string, size: number, amount: number): Promise<readonly string[]> {
  const crowd = Array.from({ length: size }, (_nobody, index) => `${name}-${index}`);
  await Promise.all(crowd.map((sub) => server.customer(sub, 'POST', '/balance/charge', { amount })));
  return crowd;
}

/** Orders one unit and pays for it; gives the last answer: of the payment, or of the order that was refused. */
export async function buyOne(server: TestServer, sub: string, optionId: string): Promise<Answer> {
  const order = await server.customer(sub, 'POST', '/orders', { lines: [{ optionId, quantity: 1 }] });
  if (order.status !== 201) return order;
  return server.customer(sub, 'POST', '/payments', { orderId: textAt(order.body, 'id') });
}
