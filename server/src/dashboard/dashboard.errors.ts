/** Refusals of the dashboard. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const dashboardErrors = {
  TOO_MANY_LISTENERS: {
    status: 429,
    title: { en: 'Too many are listening', ko: '실시간 연결이 너무 많습니다' },
    detail: {
      en: 'This process streams its dashboard to as many as it may. Please try again later, or read single snapshots.',
      ko: '이 서버가 동시에 보낼 수 있는 실시간 연결 수를 넘었습니다. 잠시 뒤 다시 시도하거나 스냅샷을 한 번씩 조회해 주세요.',
    },
  },
} as const satisfies ProblemCatalogue;
