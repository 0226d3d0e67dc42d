/**
 * A write flow of the tests' own, on tables of its own: notes that are numbered in the order in which they are decided. Each
 * command may bring a fault of its own along.
 */
import { Registry } from 'prom-client';
import type { Answer, WriteFlow, WriteKey, WriteQueue } from '../../src/commit/commit.types.ts';
import { createCommitEngine } from '../../src/commit/engine.ts';
import { type Database, DEFAULT_LIMITS, openDatabase, statement, type Transaction } from '../../src/database/database.ts';
import { ProblemError, Refusal } from '../../src/kernel/errors.ts';
import { createDatabase } from './shop.ts';

export interface WriteNote {
  readonly name: string;
  /** The rule of this command is broken. */
  readonly throws?: boolean;
}

interface NoteState {
  last: number;
  readonly added: { name: string; position: number }[];
}

/** Runs in the transaction before its rows are locked; gets the number of the attempt, 1 for the first of all batches. */
export type BeforeLock = (tx: Transaction, attempt: number) => Promise<void>;

export interface Notes {
  readonly database: Database;
  readonly queue: WriteQueue<WriteNote>;
  /** What the engine said of errors that no caller explains. */
  readonly errors: unknown[];
  /** The names of the notes that are there, in the order of their numbers, which must have no gaps. */
  written(): Promise<string[]>;
  /** What became of a command: the note's number, or the code of its problem, or the message of its error. */
  write(note: WriteNote, key?: WriteKey): Promise<number | string>;
  /** The value of one of the engine's counters, over all labels. */
  counted(name: string): Promise<number>;
  close(): Promise<void>;
}

const TABLES = `
  CREATE TABLE last_note (id integer PRIMARY KEY, position bigint NOT NULL);
  INSERT INTO last_note VALUES (1, 0), (2, 0);
  CREATE TABLE note (name text PRIMARY KEY CHECK (name !~ 'poison'), position bigint NOT NULL UNIQUE);`;

const lockStatement = statement<{ position: number }>('test.lock', 'SELECT position FROM last_note WHERE id = 1 FOR UPDATE');
const insertStatement = statement(
  'test.insert',
  'INSERT INTO note (name, position) SELECT * FROM unnest($1::text[], $2::bigint[]) AS new (name, position)',
);
const updateStatement = statement('test.update', 'UPDATE last_note SET position = $1 WHERE id = 1');

function noteFlow(beforeLock: BeforeLock, ended: () => void): WriteFlow<WriteNote, NoteState> {
  let attempts = 0;
  return {
    name: 'note',
    lock: async (tx) => {
      attempts += 1;
      await beforeLock(tx, attempts);
      return { last: (await tx.query(lockStatement))[0]?.position ?? 0, added: [] };
    },
    decide: (state, { name, throws = false }) => {
      if (throws) throw new Error('a broken rule');
      state.last += 1;
      state.added.push({ name, position: state.last });
      return { status: 201, body: { position: state.last } };
    },
    save: (writes, { last, added }) => {
      writes.add(insertStatement, [added.map((note) => note.name), added.map((note) => note.position)]);
      writes.add(updateStatement, [last]);
    },
    ended,
  };
}

/** An engine with one queue of notes, on a database of its own. */
export async function openNotes(
  options: {
    readonly beforeLock?: BeforeLock;
    /** Called when a batch has ended. */
    readonly ended?: () => void;
    readonly waiting?: { readonly waitingMax: number; readonly waitMs: number };
  } = {},
): Promise<Notes> {
  const { target, drop } = await createDatabase();
  const database = openDatabase(target, DEFAULT_LIMITS, () => undefined);
  await database.writers.query(TABLES);
  const registry = new Registry();
  const errors: unknown[] = [];
  const engine = createCommitEngine({
    database,
    batchMax: 256,
    writers: DEFAULT_LIMITS.writers,
    clockOffsetMs: () => 0,
    recordActions: () => undefined,
    registry,
    onError: (error) => errors.push(error),
    ...(options.waiting === undefined ? {} : { waiting: options.waiting }),
  });
  const queue = engine.queue(noteFlow(options.beforeLock ?? (async () => undefined), options.ended ?? (() => undefined)));
  return {
    database,
    queue,
    errors,
    written: () => writtenIn(database),
    write: (note, key) => queue.submit(note, key ?? null).then(outcomeOf, codeOf),
    counted: async (name) => {
      const metric = await registry.getSingleMetric(name)?.get();
      return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    close: async () => {
      await engine.drained();
      await database.close();
      await drop();
    },
  };
}

async function writtenIn(database: Database): Promise<string[]> {
  const { rows } = await database.readers.query<{ name: string; position: number }>('SELECT name, position FROM note ORDER BY position');
  if (rows.some(({ position }, index) => position !== index + 1)) throw new Error(`the numbers have gaps: ${JSON.stringify(rows)}`);
  return rows.map(({ name }) => name);
}

function outcomeOf(answer: Answer | Refusal): number | string {
  return answer instanceof Refusal ? answer.code : Number(/\d+/.exec(answer.json)?.[0]);
}

function codeOf(error: unknown): string {
  if (error instanceof ProblemError) return error.code;
  return error instanceof Error ? error.message : String(error);
}
