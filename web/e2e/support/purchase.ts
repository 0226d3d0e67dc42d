/** A purchase of one umbrella, step by step, and what it must look like afterwards. */
import type { TestServer } from './server.ts';
import { expect, makeProduct, type StockedOption, type Visitor } from './shop.ts';

export const PRICE = 8000;
export const BALANCE = 100_000;

export const orderButton = ({ button, words }: Visitor) => button(words.checkout.order.replace('{total}', '₩8,000'));
export const payButton = ({ button, words }: Visitor) => button(words.pay.pay.replace('{total}', '₩8,000'));

export function makeUmbrellas(server: TestServer): Promise<StockedOption> {
  return makeProduct(server, { name: 'Umbrella', price: PRICE, stock: 50 });
}

/** Brings a customer with a balance before the button that orders. */
export async function goToCheckout(visitor: Visitor, { productId, optionId }: StockedOption): Promise<void> {
  await visitor.signUp('/me');
  await visitor.charge(BALANCE);
  await visitor.open(`/checkout?product=${productId}&option=${optionId}&quantity=1`);
}

/** And before the button that pays. */
export async function goToPayment(visitor: Visitor, goods: StockedOption): Promise<void> {
  await goToCheckout(visitor, goods);
  await orderButton(visitor).click();
  await expect(payButton(visitor)).toBeVisible();
}

/** Waits for the page that says that it is paid. */
export async function expectPaid({ page, words }: Visitor): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.order.headline.paid);
}

export async function expectOnePurchase({ open, page, words }: Visitor): Promise<void> {
  await open('/orders');
  await expect(page.getByRole('link', { name: words.status.paid })).toHaveCount(1);
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await open('/balance');
  await expect(page.getByText('₩92,000').first()).toBeVisible();
  await expect(page.getByText('−₩8,000')).toHaveCount(1);
}
