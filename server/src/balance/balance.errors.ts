/** Refusals of the balance flow. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const balanceErrors = {
  INVALID_CHARGE_AMOUNT: {
    status: 400,
    title: { en: 'The amount cannot be charged', ko: '충전할 수 없는 금액입니다' },
    detail: { en: 'The amount of a charge must be more than zero.', ko: '충전 금액은 0보다 커야 합니다.' },
  },
  REFERENCE_REUSED: {
    status: 409,
    title: { en: 'The reference was used for another amount', ko: '다른 금액에 이미 사용된 참조 번호입니다' },
    detail: {
      en: 'A charge with this reference exists, with another amount. A reference is unique per user.',
      ko: '같은 참조 번호로 금액이 다른 충전이 이미 있습니다. 참조 번호는 사용자마다 한 번만 쓸 수 있습니다.',
    },
  },
  CHARGE_LIMIT_EXCEEDED: {
    status: 409,
    title: { en: 'The charge is too large', ko: '1회 충전 한도를 초과했습니다' },
    detail: { en: 'The amount is more than can be charged at once.', ko: '한 번에 충전할 수 있는 금액을 넘었습니다.' },
  },
  BALANCE_LIMIT_EXCEEDED: {
    status: 409,
    title: { en: 'The balance would be too large', ko: '잔액 보유 한도를 초과합니다' },
    detail: { en: 'The balance would be more than a user may hold.', ko: '처리하면 보유할 수 있는 잔액 한도를 넘게 됩니다.' },
  },
} as const satisfies ProblemCatalogue;
