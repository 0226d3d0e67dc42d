/** The part of the problem catalogue that every write shares. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const commitErrors = {
  OVERLOADED: {
    status: 503,
    title: { en: 'The server is overloaded', ko: '서버가 혼잡합니다' },
    detail: {
      en: 'Nothing was done. Please try again after the time given in Retry-After.',
      ko: '처리된 내용이 없습니다. Retry-After에 표시된 시간이 지난 뒤 다시 시도해 주세요.',
    },
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    title: { en: 'The outcome is unknown', ko: '처리 결과를 확인할 수 없습니다' },
    detail: {
      en: 'The connection to the database was lost while the request was being committed. Repeat it with the same Idempotency-Key to learn its outcome.',
      ko: '요청을 확정하는 동안 데이터베이스 연결이 끊어졌습니다. 같은 Idempotency-Key로 다시 요청하면 결과를 확인할 수 있습니다.',
    },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: { en: 'The idempotency key was used for another request', ko: '이미 다른 요청에 사용된 멱등 키입니다' },
    detail: {
      en: 'This Idempotency-Key already belongs to an earlier request with other content. Use a new key for a new request.',
      ko: '이 Idempotency-Key는 내용이 다른 이전 요청에 사용되었습니다. 새 요청에는 새 키를 사용해 주세요.',
    },
  },
} as const satisfies ProblemCatalogue;
