/** Routes of the balance flow: parse, call, answer. */

import { subjectOf, userOf } from '../http/access.ts';
import type { Identity } from '../http/auth.ts';
import { writeKeyOf } from '../http/idempotency.ts';
import { responses } from '../http/openapi.ts';
import { sendAnswer, sendFound } from '../http/reply.ts';
import type { App } from '../http/server.ts';
import { ProblemError, validationFailed } from '../kernel/errors.ts';
import { balanceQuerySchema, balanceSchema, chargedSchema, chargeSchema, entryPageSchema, historyQuerySchema } from './balance.schemas.ts';
import type { BalanceService } from './balance.service.ts';

const tags = ['balance'];

/** `self`: users charge their own balance and staff any; `staff`: only staff charge. */
export type ChargePolicy = 'self' | 'staff';

export function registerBalanceRoutes(app: App, service: BalanceService, policy: ChargePolicy): void {
  app.get(
    '/balance',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'Get your balance; 0 without a record',
        querystring: balanceQuerySchema,
        response: responses({ 200: balanceSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.get(subjectOf(request, request.query.userId))),
  );

  app.get(
    '/balance/history',
    {
      config: { access: 'user' },
      schema: {
        tags,
        summary: 'List what changed your balance, newest first',
        querystring: historyQuerySchema,
        response: responses({ 200: entryPageSchema }),
      },
    },
    async (request, reply) => sendFound(request, reply, await service.history(subjectOf(request, request.query.userId), request.query)),
  );

  app.post(
    '/balance/charge',
    {
      config: { access: 'user', authorize: (identity) => authorizeCharge(identity, policy) },
      schema: {
        tags,
        summary: 'Charge a balance',
        body: chargeSchema,
        response: responses({ 200: chargedSchema }, [
          'INVALID_CHARGE_AMOUNT',
          'REFERENCE_REUSED',
          'CHARGE_LIMIT_EXCEEDED',
          'BALANCE_LIMIT_EXCEEDED',
        ]),
      },
    },
    async (request, reply) => {
      const { amount, reference = null, userId } = request.body;
      const caller = userOf(request);
      const staffId = caller.role === 'staff' ? caller.userId : null;
      const command = { staffId, userId: chargedUser(caller, userId, policy), amount, reference };
      return sendAnswer(request, reply, await service.charge(command, writeKeyOf(request)));
    },
  );
}

function authorizeCharge({ role }: Identity, policy: ChargePolicy): void {
  if (policy === 'staff' && role !== 'staff') throw new ProblemError('FORBIDDEN');
}

/** Whose balance a charge is for. Where only staff charge, they name the user, so that none is charged by omission. */
function chargedUser(caller: Identity, userId: string | undefined, policy: ChargePolicy): string {
  if (userId === undefined) {
    if (policy === 'staff') throw validationFailed([{ path: '/userId', message: 'is required where only staff charge' }]);
    return caller.userId;
  }
  if (caller.role !== 'staff' && userId !== caller.userId) throw new ProblemError('FORBIDDEN');
  return userId;
}
