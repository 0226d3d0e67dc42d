/** Refusals of the audit. */
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const auditErrors = {
  AUDIT_RUNNING: {
    status: 409,
    title: { en: 'An audit is running', ko: '정합성 검사가 진행 중입니다' },
    detail: {
      en: 'This process runs one audit at a time. Please try again when it is over.',
      ko: '한 프로세스에서는 정합성 검사를 한 번에 하나만 실행할 수 있습니다. 끝난 뒤 다시 시도해 주세요.',
    },
  },
} as const satisfies ProblemCatalogue;
