/** Refusals of the customer feature. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const customerErrors = {
  CUSTOMER_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such customer', ko: '존재하지 않는 고객입니다' },
    detail: {
      en: 'Nothing is known of this user: no account, no money, no coupon, no order.',
      ko: '이 사용자의 계정, 잔액, 쿠폰, 주문 기록이 없습니다.',
    },
  },
} as const satisfies ProblemCatalogue;
