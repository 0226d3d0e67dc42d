/** Refusals of the payment flow. */
import { Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const paymentErrors = {
  PAYMENT_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such payment', ko: '존재하지 않는 결제입니다' },
    detail: { en: 'No payment of yours has this id.', ko: '이 ID에 해당하는 결제가 없습니다.' },
  },
  ORDER_ALREADY_PAID: {
    status: 409,
    title: { en: 'The order is already paid', ko: '이미 결제된 주문입니다' },
    detail: { en: 'An order is paid once.', ko: '주문은 한 번만 결제할 수 있습니다.' },
  },
  ORDER_CANCELLED: {
    status: 409,
    title: { en: 'The order was cancelled', ko: '취소된 주문입니다' },
    detail: { en: 'A cancelled order cannot be paid.', ko: '취소된 주문은 결제할 수 없습니다.' },
  },
  ORDER_EXPIRED: {
    status: 409,
    title: { en: 'The order has expired', ko: '결제 기한이 지난 주문입니다' },
    detail: { en: 'The order was not paid in time; what it held is for sale again.', ko: '기한 안에 결제하지 않아 예약이 해제되었습니다.' },
  },
  INSUFFICIENT_BALANCE: {
    status: 409,
    title: { en: 'The balance is too low', ko: '잔액이 부족합니다' },
    detail: {
      en: 'The payment needs the amount given by required; there is only balance.',
      ko: '결제에 필요한 금액은 required이지만 잔액은 balance입니다.',
    },
    members: { required: Type.Integer(), balance: Type.Integer() },
  },
  REFUND_EXCEEDS_PAYMENT: {
    status: 409,
    title: { en: 'The refund exceeds the payment', ko: '환불 가능한 수량을 초과했습니다' },
    detail: {
      en: 'More units were asked for than were paid and not yet refunded.',
      ko: '결제한 수량에서 이미 환불한 수량을 뺀 것보다 많이 요청했습니다.',
    },
  },
} as const satisfies ProblemCatalogue;
