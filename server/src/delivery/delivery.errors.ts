/** Refusals of the delivery flow. */
import { Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const deliveryErrors = {
  DELIVERY_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such delivery', ko: '존재하지 않는 전송입니다' },
    detail: { en: 'No delivery with this id exists.', ko: '이 ID에 해당하는 전송 기록이 없습니다.' },
  },
  DESTINATION_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such destination', ko: '존재하지 않는 전송 대상입니다' },
    detail: { en: 'No destination with this name exists.', ko: '이 이름의 전송 대상이 없습니다.' },
  },
  DESTINATION_EXISTS: {
    status: 409,
    title: { en: 'The name is taken', ko: '이미 사용 중인 이름입니다' },
    detail: {
      en: 'A destination of this name exists. Names are never given up, so that deliveries stay readable.',
      ko: '같은 이름의 전송 대상이 있습니다. 전송 기록을 알아볼 수 있도록 한번 쓴 이름은 다시 쓸 수 없습니다.',
    },
  },
  DESTINATION_FROM_SETTINGS: {
    status: 409,
    title: { en: 'The settings of the server decide this', ko: '서버 설정으로 정해진 항목입니다' },
    detail: {
      en: 'URL and secret of this destination come from the settings of the server (SINK, WEBHOOK_URL, WEBHOOK_SECRET, NATS_URL).',
      ko: '이 전송 대상의 URL과 비밀 키는 서버 설정(SINK, WEBHOOK_URL, WEBHOOK_SECRET, NATS_URL)을 따릅니다.',
    },
  },
  DESTINATION_WITHOUT_SECRET: {
    status: 409,
    title: { en: 'The destination has no secret', ko: '비밀 키가 없는 전송 대상입니다' },
    detail: { en: 'Only webhooks are signed with a secret.', ko: '웹훅만 비밀 키로 서명됩니다.' },
  },
  TOO_MANY_DESTINATIONS: {
    status: 409,
    title: { en: 'There are too many destinations', ko: '전송 대상이 너무 많습니다' },
    detail: {
      en: 'The shop has as many destinations as it may have, in all or turned on. Turning one off makes room among those that are on; one that is off can be changed and turned on again.',
      ko: '전송 대상의 전체 수 또는 켜져 있는 수가 한도에 이르렀습니다. 하나를 끄면 다른 것을 켤 수 있고, 꺼져 있는 것은 바꾸어 다시 켤 수 있습니다.',
    },
    members: { limit: Type.Integer() },
  },
} as const satisfies ProblemCatalogue;
