/** The accounts' part of the problem catalogue. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const accountErrors = {
  EMAIL_TAKEN: {
    status: 409,
    title: { en: 'There is an account with this email address', ko: '이미 가입된 이메일 주소입니다' },
    detail: { en: 'Sign in, or sign up with another address.', ko: '로그인하시거나 다른 이메일 주소로 가입해 주세요.' },
  },
  INVALID_CREDENTIALS: {
    status: 401,
    title: { en: 'The email address or the password is wrong', ko: '이메일 주소 또는 비밀번호가 올바르지 않습니다' },
    detail: { en: 'No account has this email address with this password.', ko: '입력하신 이메일 주소와 비밀번호에 맞는 계정이 없습니다.' },
  },
} as const satisfies ProblemCatalogue;
