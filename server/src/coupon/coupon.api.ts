/** Routes of the coupon flow: parse, call, answer. */
import { requireStaff, subjectOf, userOf } from '../http/access.ts';
import { sendCsv } from '../http/csv.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { csvFile, responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import { exportQuerySchema } from '../http/schemas.ts';
import type { App } from '../http/server.ts';
import {
  couponListQuerySchema,
  couponPageSchema,
  couponParams,
  couponPatchSchema,
  couponSchema,
  newCouponSchema,
  userCouponListQuerySchema,
  userCouponPageSchema,
  userCouponSchema,
} from './coupon.schemas.ts';
import type { CouponService } from './coupon.service.ts';

const tags = ['coupon'];

export function registerCouponRoutes(app: App, service: CouponService): void {
  registerReads(app, service);
  registerExport(app, service);
  registerStaffWrites(app, service);

  app.post(
    '/coupons/:couponId/issue',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Claim a coupon, first come first served',
        params: couponParams,
        response: responses({ 201: userCouponSchema }, [
          'COUPON_NOT_FOUND',
          'COUPON_NOT_STARTED',
          'COUPON_EXPIRED',
          'COUPON_SOLD_OUT',
          'COUPON_ALREADY_ISSUED',
        ]),
      },
    },
    async (request, reply) => {
      const command = { kind: 'issue', couponId: request.params.couponId, userId: userOf(request).userId } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}

const EXPORT_COLUMNS = [
  'id',
  'couponId',
  'userId',
  'name',
  'sequence',
  'status',
  'orderId',
  'discountAmount',
  'discountPercent',
  'discountMaxAmount',
  'minOrderAmount',
  'issuedAt',
  'expiresAt',
] as const;

function registerExport(app: App, service: CouponService): void {
  app.get(
    '/exports/coupons.csv',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Export the coupons issued within a time as CSV, by user',
        querystring: exportQuerySchema,
        response: responses({ 200: csvFile(EXPORT_COLUMNS) }),
      },
    },
    async (request, reply) => sendCsv(request, reply, 'coupons.csv', EXPORT_COLUMNS, service.exported(request.query)),
  );
}

function registerReads(app: App, service: CouponService): void {
  app.get(
    '/coupons',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'List the coupons that have not expired, newest first',
        querystring: couponListQuerySchema,
        response: responses({ 200: couponPageSchema }),
      },
    },
    async (request, reply) => {
      if (request.query.status !== undefined) requireStaff(request);
      return sendFound(request, reply, await service.list(request.query));
    },
  );

  app.get(
    '/coupons/:couponId',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Get a coupon, expired or not',
        params: couponParams,
        response: responses({ 200: couponSchema }, ['COUPON_NOT_FOUND']),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.get(request.params.couponId)),
  );

  app.get(
    '/me/coupons',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'List the coupons that were issued to you, newest first',
        querystring: userCouponListQuerySchema,
        response: responses({ 200: userCouponPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.listOf(subjectOf(request, request.query.userId), request.query)),
  );
}

function registerStaffWrites(app: App, service: CouponService): void {
  app.post(
    '/coupons',
    {
      config: { access: 'staff' },
      schema: { tags, summary: 'Create a coupon', body: newCouponSchema, response: responses({ 201: couponSchema }) },
    },
    async (request, reply) => {
      const { name, discount, minOrderAmount = 0, quantity, startsAt, expiresAt } = request.body;
      const times = { startsAt: startsAt === undefined ? null : new Date(startsAt), expiresAt: new Date(expiresAt) };
      const { userId: staffId } = userOf(request);
      const command = { kind: 'create', staffId, name, discount, minOrderAmount, quantity, ...times } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );

  app.patch(
    '/coupons/:couponId',
    {
      config: { access: 'staff' },
      schema: {
        tags,
        summary: 'Change a coupon; an earlier expiresAt ends issuing',
        params: couponParams,
        body: couponPatchSchema,
        response: responses({ 200: couponSchema }, ['COUPON_NOT_FOUND', 'COUPON_BELOW_ISSUED']),
      },
    },
    async (request, reply) => {
      const { startsAt, expiresAt, ...rest } = request.body;
      const patch = {
        ...rest,
        ...(startsAt === undefined ? {} : { startsAt: new Date(startsAt) }),
        ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
      };
      const command = { kind: 'update', staffId: userOf(request).userId, couponId: request.params.couponId, patch } as const;
      return sendAnswer(request, reply, await service.write(command, writeKeyOf(request)));
    },
  );
}
