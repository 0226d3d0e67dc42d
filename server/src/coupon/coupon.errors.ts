/** Refusals of the coupon flow. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const couponErrors = {
  COUPON_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such coupon', ko: '존재하지 않는 쿠폰입니다' },
    detail: { en: 'No coupon with this id exists.', ko: '이 ID에 해당하는 쿠폰이 없습니다.' },
  },
  COUPON_NOT_STARTED: {
    status: 409,
    title: { en: 'The coupon cannot be claimed yet', ko: '아직 발급이 시작되지 않은 쿠폰입니다' },
    detail: { en: 'Issuing begins at the time given by startsAt.', ko: 'startsAt에 표시된 시각부터 발급받을 수 있습니다.' },
  },
  COUPON_EXPIRED: {
    status: 409,
    title: { en: 'The coupon has expired', ko: '기간이 만료된 쿠폰입니다' },
    detail: { en: 'Issuing ended at the time given by expiresAt.', ko: 'expiresAt에 표시된 시각에 발급이 종료되었습니다.' },
  },
  COUPON_SOLD_OUT: {
    status: 409,
    title: { en: 'The coupon is sold out', ko: '쿠폰이 모두 소진되었습니다' },
    detail: { en: 'All coupons of this kind have been issued.', ko: '준비된 수량이 모두 발급되었습니다.' },
  },
  COUPON_ALREADY_ISSUED: {
    status: 409,
    title: { en: 'You already have this coupon', ko: '이미 발급받은 쿠폰입니다' },
    detail: { en: 'Each user can claim this coupon once.', ko: '한 사람당 한 번만 발급받을 수 있습니다.' },
  },
  COUPON_BELOW_ISSUED: {
    status: 409,
    title: { en: 'The quantity is below what was issued', ko: '이미 발급된 수량보다 적습니다' },
    detail: {
      en: 'The quantity cannot be lower than the number of coupons already issued.',
      ko: '수량은 이미 발급된 쿠폰 수보다 적을 수 없습니다.',
    },
  },
} as const satisfies ProblemCatalogue;
