/** The part of the problem catalogue that says who may call. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const authErrors = {
  UNAUTHENTICATED: {
    status: 401,
    title: { en: 'You are not signed in', ko: '로그인이 필요합니다' },
    detail: {
      en: 'Send a valid bearer token in Authorization, or sign in.',
      ko: 'Authorization 헤더에 유효한 Bearer 토큰을 보내거나 로그인해 주세요.',
    },
  },
  FORBIDDEN: {
    status: 403,
    title: { en: 'You may not do this', ko: '권한이 없습니다' },
    detail: { en: 'This operation is for the staff of the shop.', ko: '상점 직원만 사용할 수 있는 기능입니다.' },
  },
  CSRF_REJECTED: {
    status: 403,
    title: { en: 'The request comes from another site', ko: '다른 사이트에서 보낸 요청입니다' },
    detail: {
      en: 'A request with the session cookie must come from a page of this server and say so in Origin or Sec-Fetch-Site.',
      ko: '세션 쿠키를 사용하는 요청은 이 서버의 페이지에서 보내야 하며, Origin 또는 Sec-Fetch-Site 헤더로 확인할 수 있어야 합니다.',
    },
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    title: { en: 'The identity provider cannot be reached', ko: '인증 서버에 연결할 수 없습니다' },
    detail: {
      en: 'The keys that the token must be checked with could not be fetched. Please try again after the time given in Retry-After.',
      ko: '토큰 검증에 필요한 키를 가져오지 못했습니다. Retry-After에 표시된 시간이 지난 뒤 다시 시도해 주세요.',
    },
  },
} as const satisfies ProblemCatalogue;
