/** Refusals of the product flow. */
import { Type } from 'typebox';
import type { ProblemCatalogue } from '../kernel/errors.ts';

export const productErrors = {
  PRODUCT_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such product', ko: '존재하지 않는 상품입니다' },
    detail: { en: 'No product with this id can be seen by you.', ko: '이 ID로 조회할 수 있는 상품이 없습니다.' },
  },
  OPTION_NOT_FOUND: {
    status: 404,
    title: { en: 'There is no such option', ko: '존재하지 않는 옵션입니다' },
    detail: { en: 'No option with this id exists.', ko: '이 ID에 해당하는 옵션이 없습니다.' },
    members: { optionId: Type.Optional(Type.String({ description: 'Of the line of an order' })) },
  },
  SKU_TAKEN: {
    status: 409,
    title: { en: 'The SKU is taken', ko: '이미 사용 중인 SKU입니다' },
    detail: { en: 'Another option already has this SKU.', ko: '다른 옵션이 이미 이 SKU를 사용하고 있습니다.' },
  },
  STOCK_BELOW_RESERVED: {
    status: 409,
    title: { en: 'The stock would fall below what is reserved', ko: '재고가 예약된 수량보다 적어집니다' },
    detail: {
      en: 'The stock on hand cannot fall below the units that open orders hold.',
      ko: '보유 재고는 결제 대기 중인 주문이 예약한 수량보다 적어질 수 없습니다.',
    },
  },
  IMPORT_INVALID: {
    status: 400,
    title: { en: 'The file cannot be imported', ko: '가져올 수 없는 파일입니다' },
    detail: {
      en: 'Nothing was imported. The rows listed in rowErrors break the rules of an import; errorCount says how many errors there are.',
      ko: '가져온 상품이 없습니다. rowErrors에 표시된 행을 고쳐 주세요. 전체 오류 수는 errorCount입니다.',
    },
    members: {
      errorCount: Type.Integer(),
      rowErrors: Type.Array(Type.Object({ row: Type.Integer(), column: Type.Union([Type.String(), Type.Null()]), message: Type.String() })),
    },
  },
} as const satisfies ProblemCatalogue;
