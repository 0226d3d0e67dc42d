/** Refusals of the order flow. */
import { Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';

const optionId = Type.String();

export const orderErrors = {
  ORDER_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such order', ko: '존재하지 않는 주문입니다' },
    detail: { en: 'No order of yours has this id.', ko: '이 ID에 해당하는 주문이 없습니다.' },
  },
  OPTION_NOT_FOR_SALE: {
    status: 409,
    title: { en: 'The option is not for sale', ko: '판매 중이 아닌 옵션입니다' },
    detail: {
      en: 'The option given by optionId, or its product, is hidden.',
      ko: 'optionId에 해당하는 옵션이나 상품이 판매 중이 아닙니다.',
    },
    members: { optionId },
  },
  OUT_OF_STOCK: {
    status: 409,
    title: { en: 'Out of stock', ko: '재고가 부족합니다' },
    detail: {
      en: 'The option given by optionId has only the units given by available.',
      ko: 'optionId에 해당하는 옵션은 주문할 수 있는 수량이 available개 남아 있습니다.',
    },
    members: { optionId, available: Type.Integer() },
  },
  PURCHASE_LIMIT_EXCEEDED: {
    status: 409,
    title: { en: 'The limit per person is exceeded', ko: '1인당 구매 한도를 초과했습니다' },
    detail: {
      en: 'Of the option given by optionId you can order only the units given by remaining.',
      ko: 'optionId에 해당하는 옵션은 remaining개까지만 더 주문할 수 있습니다.',
    },
    members: { optionId, remaining: Type.Integer() },
  },
  TOO_MANY_PENDING_ORDERS: {
    status: 409,
    title: { en: 'Too many unpaid orders', ko: '결제하지 않은 주문이 너무 많습니다' },
    detail: { en: 'Pay or cancel an open order first.', ko: '결제 대기 중인 주문을 결제하거나 취소한 뒤 다시 시도해 주세요.' },
  },
  ORDER_TOTAL_TOO_LARGE: {
    status: 409,
    title: { en: 'The order is too large', ko: '주문 금액이 너무 큽니다' },
    detail: { en: 'The total of the order exceeds the largest amount of money.', ko: '주문 총액이 처리할 수 있는 최대 금액을 넘었습니다.' },
  },
  COUPON_INVALID: {
    status: 409,
    title: { en: 'The coupon cannot be used', ko: '사용할 수 없는 쿠폰입니다' },
    detail: {
      en: 'The coupon cannot be used on this order; reason says why.',
      ko: '이 주문에는 쿠폰을 사용할 수 없습니다. reason을 확인해 주세요.',
    },
    members: { reason: Type.Enum(['notFound', 'held', 'used', 'expired', 'belowMinimum']) },
  },
  ORDER_NOT_CANCELLABLE: {
    status: 409,
    title: { en: 'The order cannot be cancelled', ko: '취소할 수 없는 주문입니다' },
    detail: { en: 'Only an order that waits for its payment can be cancelled.', ko: '결제 대기 중인 주문만 취소할 수 있습니다.' },
  },
} as const satisfies ProblemCatalogue;
