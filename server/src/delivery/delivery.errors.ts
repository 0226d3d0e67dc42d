/** Refusals of the delivery flow. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const deliveryErrors = {
  DELIVERY_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such delivery', ko: '존재하지 않는 전송입니다' },
    detail: { en: 'No delivery with this id exists.', ko: '이 ID에 해당하는 전송 기록이 없습니다.' },
  },
} as const satisfies ProblemCatalogue;
