/** Wire types of the audit. */
import { Type } from 'typebox';
import { strictObject, time } from '../http/schemas.ts';

export const auditSchema = strictObject(
  {
    isClean: Type.Boolean({ description: 'Whether everything adds up' }),
    startedAt: time(),
    durationMs: Type.Integer({ minimum: 0 }),
    checks: Type.Array(Type.String(), { description: 'What was recomputed' }),
    differences: Type.Array(
      strictObject({
        check: Type.String(),
        found: Type.Object({}, { additionalProperties: true, description: 'The row that breaks it, as the check shows it' }),
      }),
      { description: 'At most 20 a check' },
    ),
  },
  { title: 'Audit' },
);
