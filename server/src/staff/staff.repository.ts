/** All SQL of the table `staff_action`. */
import type { StaffAction } from '../commit/commit.types.ts';
import { type Executor, statement, type Writes } from '../database/database.ts';
import type { ObjectReference, RecordedAction } from './staff.types.ts';

const COLUMNS = `a.id, a.staff_id AS "staffId", a.operation, a.object_kind AS "objectKind", a.object_id AS "objectId", a.before, a.after,
  a.created_at AS "createdAt"`;

const insertStatement = statement(
  'staff.insert',
  `INSERT INTO staff_action (id, staff_id, operation, object_kind, object_id, before, after, created_at)
   SELECT id, staff_id, operation, object_kind, object_id, before::jsonb, after::jsonb, $8
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       AS new (id, staff_id, operation, object_kind, object_id, before, after)`,
);

/** Writes actions, in the transaction of their effects. */
export function insertActions(writes: Writes, actions: readonly (StaffAction & { readonly id: string })[], now: Date): void {
  if (actions.length === 0) return;
  const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
  writes.add(insertStatement, [
    actions.map((a) => a.id),
    actions.map((a) => a.staffId),
    actions.map((a) => a.operation),
    actions.map((a) => a.objectKind),
    actions.map((a) => a.objectId),
    actions.map((a) => json(a.before)),
    actions.map((a) => json(a.after)),
    now,
  ]);
}

/** What the list is narrowed to; ids are those of the actions, which begin with their time. */
export interface ActionQuery {
  readonly staffId: string | null;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  readonly from: string;
  readonly before: string;
  readonly rows: number;
}

const LIST = `SELECT ${COLUMNS} FROM staff_action AS a WHERE a.id >= $1::uuid AND a.id < $2::uuid`;
const END = 'ORDER BY a.id DESC LIMIT $3';

const listAllStatement = statement<RecordedAction>('staff.listAll', `${LIST} AND ($4::text IS NULL OR a.object_kind = $4) ${END}`);
const listByStaffStatement = statement<RecordedAction>(
  'staff.listByStaff',
  `${LIST} AND a.staff_id = $4 AND ($5::text IS NULL OR a.object_kind = $5) AND ($6::text IS NULL OR a.object_id = $6) ${END}`,
);
const listByObjectStatement = statement<RecordedAction>('staff.listByObject', `${LIST} AND a.object_kind = $4 AND a.object_id = $5 ${END}`);

/** Newest first. */
export async function listActions(db: Executor, query: ActionQuery): Promise<RecordedAction[]> {
  const { staffId, objectKind, objectId, from, before, rows } = query;
  const range = [from, before, rows];
  if (staffId !== null) return db.query(listByStaffStatement, [...range, staffId, objectKind, objectId]);
  if (objectKind !== null && objectId !== null) return db.query(listByObjectStatement, [...range, objectKind, objectId]);
  return db.query(listAllStatement, [...range, objectKind]);
}

const onObjectsStatement = statement<RecordedAction>(
  'staff.onObjects',
  `SELECT ${COLUMNS} FROM unnest($1::text[], $2::text[]) AS wanted (object_kind, object_id) JOIN staff_action AS a USING (object_kind, object_id)
    ORDER BY a.id LIMIT $3`,
);

/** What was done to the objects, the oldest first. */
export async function findActionsOn(db: Executor, objects: readonly ObjectReference[], rows: number): Promise<RecordedAction[]> {
  if (objects.length === 0) return [];
  return db.query(onObjectsStatement, [objects.map((object) => object.kind), objects.map((object) => object.id), rows]);
}
