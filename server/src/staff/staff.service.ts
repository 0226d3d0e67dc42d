/**
 * The trail of what staff have done. A flow gives the actions of an effect with the effect itself ({@link actionBy}), and the engine
 * writes them in its transaction; a customer's effect has none and costs nothing.
 */
import type { DecisionContext, StaffAction } from '../commit/commit.types.ts';
import type { Database, Writes } from '../database/database.ts';
import type { Lists } from '../database/lists.ts';
import { validationFailed } from '../kernel/errors.ts';
import { idsWithin } from '../kernel/ids.ts';
import { newestFirst, type Page, type PageQuery } from '../kernel/paging.ts';
import { findActionsOn, insertActions, listActions } from './staff.repository.ts';
import { presentAction } from './staff.schemas.ts';
import { OBJECT_KINDS, type ObjectKind, type ObjectReference, type StaffActionFilter, type StaffOperation } from './staff.types.ts';

type WireAction = ReturnType<typeof presentAction>;

export interface StaffService {
  /** Newest first. */
  list(query: PageQuery & StaffActionFilter): Promise<Page<WireAction>>;
  /** What was done to any of the objects, the oldest first, at most `max`. */
  actionsOn(objects: readonly ObjectReference[], max: number): Promise<readonly WireAction[]>;
}

const pageOfActions = newestFirst('staffActions');

const OBJECT_OF: Readonly<Record<StaffOperation, ObjectKind>> = {
  'product.create': 'product',
  'product.update': 'product',
  'option.create': 'option',
  'option.update': 'option',
  'stock.adjust': 'option',
  'coupon.create': 'coupon',
  'coupon.update': 'coupon',
  'balance.charge': 'balance',
  'order.cancel': 'order',
  'payment.refund': 'payment',
  'delivery.replay': 'delivery',
  'destination.create': 'destination',
  'destination.update': 'destination',
  'destination.rotateSecret': 'destination',
  'destination.replay': 'destination',
  'ranking.refresh': 'ranking',
};

/** The action of an effect; none where it is not staff who act. Nothing secret may be in `before` or `after`. */
export function actionBy(
  staffId: string | null,
  operation: StaffOperation,
  change: { readonly objectId: string; readonly before: object | null; readonly after: object | null },
): readonly StaffAction[] {
  return staffId === null ? [] : [{ staffId, operation, objectKind: OBJECT_OF[operation], ...change }];
}

/** Writes the actions of a batch; for the engine. */
export function recordActions(writes: Writes, actions: readonly StaffAction[], { now, newId }: DecisionContext): void {
  insertActions(
    writes,
    actions.map((action) => ({ ...action, id: newId() })),
    now,
  );
}

export function createStaffService({ database, lists }: { readonly database: Database; readonly lists: Lists }): StaffService {
  return {
    list: (query) => {
      const { staffId = null, object } = query;
      const { kind, id } = object === undefined ? { kind: null, id: null } : readObject(object);
      const [lowest, highest] = idsWithin(query);
      return pageOfActions(
        query,
        (cursor, rows) =>
          lists.read((source) =>
            listActions(source, {
              staffId,
              objectKind: kind,
              objectId: id,
              from: lowest,
              before: cursor < highest ? cursor : highest,
              rows,
            }),
          ),
        presentAction,
      );
    },
    actionsOn: async (objects, max) => (await findActionsOn(database, objects, max)).map(presentAction),
  };
}

/** @throws 400 `VALIDATION_FAILED` for an object of a kind that there is not. */
function readObject(object: string): { readonly kind: ObjectKind; readonly id: string | null } {
  const [name] = object.split(':', 1);
  const kind = OBJECT_KINDS.find((known) => known === name);
  if (kind === undefined) throw validationFailed([{ path: '/object', message: `must begin with one of ${OBJECT_KINDS.join(', ')}` }]);
  return { kind, id: object === kind ? null : object.slice(kind.length + 1) };
}
