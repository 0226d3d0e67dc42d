/** The words of group commit: what a command is made of, and what its caller gets. See `docs/architecture.md`. */
import type { Transaction, Writes } from '../database/database.ts';
import type { Refusal } from '../kernel/errors.ts';

/** The `Idempotency-Key` of a request, scoped to user and operation, with a hash of what was asked. */
export interface WriteKey {
  readonly userId: string;
  /** Method and route, such as `POST /coupons/:couponId/issue`. */
  readonly operation: string;
  readonly key: string;
  /** Of the path's ids and the parsed body; see `http/idempotency.ts`. */
  readonly requestHash: string;
}

/** What a member of staff did to one object, as the trail of staff keeps it; `before` is null where the object was made. */
export interface StaffAction {
  readonly staffId: string;
  readonly operation: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly before: object | null;
  readonly after: object | null;
}

/** A decision that changed something: the answer its caller gets once it is committed. */
export interface Effect {
  readonly status: number;
  readonly body: object;
  /** Where staff act: what is written of it, in the same transaction. */
  readonly actions?: readonly StaffAction[];
}

/** A committed answer; `json` is the body as it was stored and is sent. */
export interface Answer {
  readonly status: number;
  readonly json: string;
  /** Whether an earlier call with the same key had this effect. */
  readonly replayed: boolean;
}

/** What a decision may use besides its state: the batch's one database time, and ids stamped with it. */
export interface DecisionContext {
  readonly now: Date;
  readonly newId: () => string;
}

/** What the saving of a batch may use as well. */
export interface SaveContext extends DecisionContext {
  /** The W3C `traceparent` of what the batch changed, by the id of its order, or else by its own; only of traces that are kept. */
  readonly traceparents: ReadonlyMap<string, string>;
}

/** What locking needs of the engine. */
export interface Locking {
  /** To be added to the database's clock wherever it is asked. */
  readonly clockOffsetMs: number;
  /**
   * Says that every lock has been asked for, so that the time and the keys of the batch, which must be read after the locks, can be
   * asked for in the same breath. A flow that does not call it has them read when `lock` resolves.
   */
  readonly locksSent: () => void;
}

/**
 * One service's write side. A batch calls `lock` once for all its commands, `decide` once a command in order of
 * arrival, and `save` once; all in one transaction that the engine owns.
 */
export interface WriteFlow<Command, State> {
  /** Names the queue in metrics and logs. */
  readonly name: string;
  /**
   * Locks all rows that the commands may change, in the global lock order, and loads what they need. Statements that do
   * not need each other's results are sent together.
   */
  lock(tx: Transaction, commands: readonly Command[], locking: Locking): Promise<State>;
  /** Pure: judges one command against the state and changes the state where it has an effect. */
  decide(state: State, command: Command, context: DecisionContext): Effect | Refusal;
  /** Adds all changes of the state, set-based. It is synchronous because COMMIT is sent right behind. */
  save(writes: Writes, state: State, context: SaveContext): void;
  /**
   * Hears that the batch is over, before any of its callers is answered: what is kept in memory of the rows must follow
   * now. `now` is the time at which the batch decided. Not called for a batch that certainly did nothing because its transaction failed.
   */
  ended?(state: State, ending: Ending, now: Date): void;
}

/**
 * How a batch ended: `committed` with its changes; `unchanged`, for no command had an effect, and so `state` is what was read under
 * the locks; or `unknown`, where the answer to COMMIT was lost, and `state` may or may not be what the database has.
 */
export type Ending = 'committed' | 'unchanged' | 'unknown';

/** Where callers put commands; see `createCommitEngine`. */
export interface WriteQueue<Command> {
  /**
   * Resolves once the command's effect is durable, or with its refusal.
   *
   * @throws ProblemError `OVERLOADED` before anything happened, `IDEMPOTENCY_KEY_REUSED`, or `OUTCOME_UNKNOWN`.
   */
  submit(command: Command, key?: WriteKey | null): Promise<Answer | Refusal>;
  /**
   * Whether the key has an effect or may get one from a command that is under way here, so that only {@link submit} can
   * answer it. For those who refuse without a batch.
   */
  isTaken(key: WriteKey): Promise<boolean>;
}
