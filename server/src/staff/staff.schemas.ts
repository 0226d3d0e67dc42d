/** Wire types of the staff feature. */
import { Type } from 'typebox';
import { id, nullable, page, pageQuery, strictObject, text, time } from '../http/schemas.ts';
import { OBJECT_KINDS, type RecordedAction, STAFF_OPERATIONS } from './staff.types.ts';

const state = nullable(Type.Object({}, { additionalProperties: true }));

const staffActionSchema = strictObject(
  {
    id: id(),
    staffId: Type.String({ description: 'Who did it' }),
    operation: Type.Union(STAFF_OPERATIONS.map((operation) => Type.Literal(operation))),
    object: strictObject({
      kind: Type.Union(OBJECT_KINDS.map((kind) => Type.Literal(kind))),
      id: Type.String({ description: 'Of a balance its user, of a destination its name' }),
    }),
    before: state,
    after: state,
    createdAt: time(),
  },
  {
    title: 'StaffAction',
    description: '`before` and `after` hold what the operation may change; `before` is null where it makes something',
  },
);
export const staffActionPageSchema = page(staffActionSchema);

export const staffActionListQuerySchema = Type.Object({
  ...pageQuery,
  staffId: Type.Optional(text(1, 255, 'Who did it')),
  object: Type.Optional(text(1, 300, 'To what: `kind:id`, such as `order:01900000-0000-7000-8000-000000000000`, or a kind alone')),
  from: Type.Optional(time('Done at or after this time')),
  to: Type.Optional(time('Done before this time')),
});

export function presentAction({ id: actionId, staffId, operation, objectKind, objectId, before, after, createdAt }: RecordedAction) {
  return { id: actionId, staffId, operation, object: { kind: objectKind, id: objectId }, before, after, createdAt };
}
