/** The part of the problem catalogue that belongs to HTTP itself. */
import { Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const httpErrors = {
  VALIDATION_FAILED: {
    status: 400,
    title: { en: 'The request is not valid', ko: '요청이 올바르지 않습니다' },
    detail: {
      en: 'The fields listed in errors break the rules of this operation.',
      ko: 'errors에 표시된 항목이 이 요청의 규칙에 맞지 않습니다.',
    },
    members: { errors: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })) },
  },
  MALFORMED_JSON: {
    status: 400,
    title: { en: 'The body is not JSON', ko: '본문이 JSON 형식이 아닙니다' },
    detail: { en: 'The body could not be read as JSON in UTF-8.', ko: '본문을 UTF-8 JSON으로 읽을 수 없습니다.' },
  },
  BAD_REQUEST: {
    status: 400,
    title: { en: 'The request cannot be understood', ko: '요청을 이해할 수 없습니다' },
    detail: { en: 'The request breaks the rules of HTTP.', ko: '요청이 HTTP 규칙에 맞지 않습니다.' },
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such route', ko: '존재하지 않는 경로입니다' },
    detail: {
      en: 'Nothing is served at this path. See /openapi.json for what there is.',
      ko: '이 경로에는 제공되는 기능이 없습니다. /openapi.json을 확인해 주세요.',
    },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: { en: 'The method is not allowed', ko: '허용되지 않는 메서드입니다' },
    detail: {
      en: 'This path does not take this method; Allow lists those it takes.',
      ko: '이 경로에서는 이 메서드를 쓸 수 없습니다. Allow 헤더를 확인해 주세요.',
    },
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: { en: 'The request took too long', ko: '요청을 받는 데 시간이 너무 오래 걸렸습니다' },
    detail: { en: 'The request did not arrive in full in time.', ko: '정해진 시간 안에 요청 전체가 도착하지 않았습니다.' },
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: { en: 'The body is too large', ko: '본문이 너무 큽니다' },
    detail: {
      en: 'A body may have at most 1 MiB, a CSV file 5 MiB.',
      ko: '본문은 최대 1MiB, CSV 파일은 5MiB까지 보낼 수 있습니다.',
    },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: { en: 'The media type is not supported', ko: '지원하지 않는 미디어 타입입니다' },
    detail: {
      en: 'Send the body as application/json, a CSV file as text/csv.',
      ko: '본문은 application/json, CSV 파일은 text/csv로 보내 주세요.',
    },
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: { en: 'The headers are too large', ko: '헤더가 너무 큽니다' },
    detail: { en: 'The headers of the request exceed the limit of the server.', ko: '요청 헤더가 서버의 한도를 넘었습니다.' },
  },
  RATE_LIMITED: {
    status: 429,
    title: { en: 'Too many requests', ko: '요청이 너무 많습니다' },
    detail: { en: 'Please try again after the time given in Retry-After.', ko: 'Retry-After에 표시된 시간이 지난 뒤 다시 시도해 주세요.' },
  },
  NOT_READY: {
    status: 503,
    title: { en: 'The server is not ready', ko: '서버가 준비되지 않았습니다' },
    detail: { en: 'The database does not answer, or the server is stopping.', ko: '데이터베이스가 응답하지 않거나 서버가 종료 중입니다.' },
  },
  INTERNAL_ERROR: {
    status: 500,
    title: { en: 'Something went wrong here', ko: '서버에서 오류가 발생했습니다' },
    detail: {
      en: 'This is a defect of the server; it has been logged under the request id.',
      ko: '서버 내부 오류입니다. 요청 ID와 함께 로그에 기록되었습니다.',
    },
  },
} as const satisfies ProblemCatalogue;
