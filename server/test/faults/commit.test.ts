/** Group commit when commands, locks and queues go wrong: on real tables, with real errors of PostgreSQL. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { statement, type Transaction } from '../../src/database/database.ts';
import type { Answered, Caller } from '../support/caller.ts';
import { openBlocker } from '../support/fault-blocker.ts';
import { type BeforeLock, type Notes, openNotes, type WriteNote } from '../support/fault-notes.ts';
import { times } from '../support/fault-servers.ts';
import { coupon, tally } from '../support/goods.ts';
import { openShop } from '../support/shop.ts';

/** A hung lane is let go after 5 s; this is generous. */
const ANSWERED_WITHIN_MS = 15_000;

async function notesOf(options: Parameters<typeof openNotes>[0] = {}): Promise<Notes> {
  const notes = await openNotes(options);
  onTestFinished(() => notes.close());
  return notes;
}

/** Writes all in one turn of the event loop, so that they are one batch. */
function writeAll(notes: Notes, commands: readonly WriteNote[]): Promise<(number | string)[]> {
  return Promise.all(commands.map((command) => notes.write(command)));
}

const named = (count: number): WriteNote[] => times(count, (index) => ({ name: `note ${index}` }));
const namesOf = (commands: readonly WriteNote[]): string[] => commands.map(({ name }) => name);

test('a batch that memory fails to follow is committed all the same, answered, and not run again', async () => {
  const notes = await notesOf({
    ended: () => {
      throw new Error('memory does not follow');
    },
  });
  expect(await writeAll(notes, named(5))).toEqual([1, 2, 3, 4, 5]);
  expect(await notes.write({ name: 'later' })).toBe(6);
  expect(await notes.written()).toEqual([...namesOf(named(5)), 'later']);
  expect(notes.errors.map(String)).toEqual(times(2, () => 'Error: memory does not follow'));
});

describe('a poisoned command', () => {
  const POISONS: readonly [string, WriteNote, RegExp][] = [
    ['whose row the table refuses', { name: 'poison' }, /violates check constraint/],
    ['whose row clashes for ever', { name: 'already there' }, /duplicate key value/],
    ['whose text PostgreSQL cannot store', { name: 'a\0b' }, /invalid byte sequence/],
    ['whose rule is broken', { name: 'broken', throws: true }, /a broken rule/],
  ];

  test.for(POISONS)('%s fails alone, wherever it stands; the others keep their order', async ([, poison, message]) => {
    const notes = await notesOf();
    await notes.write({ name: 'already there' });
    const expected = ['already there'];
    for (const [round, place] of [0, 7, 19].entries()) {
      const others = named(19).map(({ name }) => ({ name: `${round} ${name}` }));
      const outcomes = await writeAll(notes, others.toSpliced(place, 0, poison));
      expect(outcomes[place]).toMatch(message);
      expect(outcomes.toSpliced(place, 1)).toEqual(times(19, (index) => expected.length + 1 + index));
      expected.push(...namesOf(others));
      expect(await notes.written()).toEqual(expected);
    }
    expect(notes.errors.map(String).every((error) => message.test(error))).toBe(true);
    expect(notes.errors.length).toBe(3);
    expect(await notes.counted('openrun_commit_splits_total')).toBeGreaterThan(3);
  });

  test('fails alone beside others of its kind', async () => {
    const notes = await notesOf();
    const commands = named(64).map((command, index) => (index % 9 === 4 ? { name: `poison ${index}` } : command));
    const healthy = namesOf(commands).filter((name) => !name.startsWith('poison'));
    const outcomes = await writeAll(notes, commands);
    expect(outcomes.filter((outcome) => typeof outcome === 'number')).toEqual(times(healthy.length, (index) => index + 1));
    expect(outcomes.filter((outcome) => typeof outcome === 'string').length).toBe(64 - healthy.length);
    expect(await notes.written()).toEqual(healthy);
  });

  test('leaves its key free, and its neighbours’ keys remember', async () => {
    const notes = await notesOf();
    const key = { userId: 'user', operation: 'test', requestHash: 'hash' };
    const outcomes = await Promise.all([
      notes.write({ name: 'first' }, { ...key, key: '1' }),
      notes.write({ name: 'poison' }, { ...key, key: '2' }),
      notes.write({ name: 'third' }, { ...key, key: '3' }),
    ]);
    expect(outcomes).toEqual([1, expect.stringMatching(/check constraint/), 2]);
    expect(await notes.write({ name: 'cured' }, { ...key, key: '2' })).toBe(3);
    expect(await notes.queue.submit({ name: 'first' }, { ...key, key: '1' })).toMatchObject({ replayed: true });
    expect(await notes.queue.submit({ name: 'third' }, { ...key, key: '3' })).toMatchObject({ replayed: true });
    expect(await notes.written()).toEqual(['first', 'third', 'cured']);
  });
});

describe('a batch that PostgreSQL turns back', () => {
  const RERUNS = 'openrun_commit_reruns_total';
  const run = (tx: Transaction, name: string, sql: string): Promise<unknown> => tx.query(statement(name, sql));
  /** From the second statement on, the transaction sees the database as it was at the first. */
  const fixSnapshot = async (tx: Transaction): Promise<void> => {
    await run(tx, 'test.isolation', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await run(tx, 'test.snapshot', 'SELECT 1 FROM last_note');
  };
  const touch = statement('test.touch', 'UPDATE last_note SET position = position WHERE id = 1');

  test('after a serialization failure (40001) is run again, as a whole and in order', async () => {
    const beforeLock: BeforeLock = async (tx, attempt) => {
      await fixSnapshot(tx);
      if (attempt <= 3) await notes.database.query(touch);
    };
    const notes = await notesOf({ beforeLock });
    expect(await writeAll(notes, named(5))).toEqual([1, 2, 3, 4, 5]);
    expect(await notes.written()).toEqual(namesOf(named(5)));
    expect(await notes.counted(RERUNS)).toBe(3);
  });

  test('for ever (40001) is turned away after a few attempts, with nothing done, and the next one works', async () => {
    let attempts = 0;
    let hostile = true;
    const beforeLock: BeforeLock = async (tx) => {
      attempts += 1;
      await fixSnapshot(tx);
      if (hostile) await notes.database.query(touch);
    };
    const notes = await notesOf({ beforeLock });
    expect(await writeAll(notes, named(5))).toEqual(times(5, () => 'OVERLOADED'));
    expect(attempts).toBe(5);
    expect(await notes.written()).toEqual([]);
    hostile = false;
    expect(await notes.write({ name: 'later' })).toBe(1);
    expect(await notes.counted('openrun_commit_overloaded_total')).toBe(5);
  });

  test('by a deadlock (40P01) with somebody else is run again', async () => {
    const beforeLock: BeforeLock = async (tx, attempt) => {
      if (attempt > 1) return;
      // The batch has row 2 and will want row 1; the other has row 1 and now wants row 2.
      await run(tx, 'test.lockSecond', 'SELECT 1 FROM last_note WHERE id = 2 FOR UPDATE');
    };
    const notes = await notesOf({ beforeLock });
    const holder = await openBlocker(notes.database.target);
    await holder.run('SELECT FROM last_note WHERE id = 1 FOR UPDATE');
    const written = writeAll(notes, named(5));
    await holder.waiters(1);
    const batchIsVictim = await holder.run('SELECT FROM last_note WHERE id = 2 FOR UPDATE').then(
      () => true,
      () => false,
    );
    await holder.rollback();
    expect(await written).toEqual([1, 2, 3, 4, 5]);
    expect(await notes.written()).toEqual(namesOf(named(5)));
    // PostgreSQL ends whoever has waited for a second first: the batch, unless this test was very slow.
    expect(await notes.counted(RERUNS)).toBe(batchIsVictim ? 1 : 0);
  });

  test('by a lock time-out (55P03) is run again until the lock is free', async () => {
    const beforeLock: BeforeLock = async (tx, attempt) => {
      await run(tx, 'test.patience', `SELECT set_config('lock_timeout', '50ms', true)`);
      if (attempt === 3) await holder.rollback();
    };
    const notes = await notesOf({ beforeLock });
    const holder = await openBlocker(notes.database.target);
    await holder.run('SELECT FROM last_note WHERE id = 1 FOR UPDATE');
    expect(await writeAll(notes, named(5))).toEqual([1, 2, 3, 4, 5]);
    expect(await notes.counted(RERUNS)).toBe(2);
  });

  test('by the end of its session (57P01) is turned away, with nothing done, and the process goes on', async () => {
    const beforeLock: BeforeLock = async (tx, attempt) => {
      if (attempt > 1) return;
      const pid = statement<{ pid: number }>('test.pid', 'SELECT pg_backend_pid() AS pid');
      const end = statement('test.end', 'SELECT pg_terminate_backend($1::integer, 5000)');
      await notes.database.query(end, [(await tx.query(pid))[0]?.pid]);
      // The end reaches a connection on which nothing runs at the moment.
      await delay(50);
    };
    const notes = await notesOf({ beforeLock });
    expect(await writeAll(notes, named(5))).toEqual(times(5, () => 'OVERLOADED'));
    expect(await notes.written()).toEqual([]);
    expect(await notes.write({ name: 'later' })).toBe(1);
  });

  test('because a key was taken meanwhile sees the key and answers with it', async () => {
    const key = { userId: 'user', operation: 'test', key: 'k', requestHash: 'hash' };
    const insert = `INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
                    VALUES ('user', 'test', 'k', 'hash', 201, '{"position":77}', gen_random_uuid(), now())`;
    const notes = await notesOf();
    const elsewhere = await openBlocker(notes.database.target);
    await elsewhere.run(insert);
    const written = Promise.all([notes.write({ name: 'new' }), notes.write({ name: 'repeated' }, key)]);
    await elsewhere.waiters(1);
    await elsewhere.commit();
    expect(await written).toEqual([1, 77]);
    expect(await notes.written()).toEqual(['new']);
    expect(await notes.counted(RERUNS)).toBe(1);
  });
});

describe('a lane that hangs', () => {
  test('turns away who comes too late or waits too long, before anything happened to them', async () => {
    const notes = await notesOf({ waiting: { waitingMax: 10, waitMs: 300 } });
    const holder = await openBlocker(notes.database.target);
    await holder.run('SELECT FROM last_note WHERE id = 1 FOR UPDATE');
    const held = notes.write({ name: 'held' });
    await holder.waiters(1);
    const outcomes = await writeAll(notes, named(15));
    expect(outcomes).toEqual(times(15, () => 'OVERLOADED'));
    expect(await notes.counted('openrun_commit_overloaded_total')).toBe(15);
    await holder.rollback();
    expect(await held).toBe(1);
    expect(await notes.write({ name: 'later' })).toBe(2);
    expect(await notes.written()).toEqual(['held', 'later']);
    expect(notes.errors).toEqual([]);
  });

  test('turns away at once who finds the line full, and serves who was in it in order', async () => {
    const notes = await notesOf({ waiting: { waitingMax: 10, waitMs: 60_000 } });
    const holder = await openBlocker(notes.database.target);
    await holder.run('SELECT FROM last_note WHERE id = 1 FOR UPDATE');
    const held = notes.write({ name: 'held' });
    await holder.waiters(1);
    const inLine = writeAll(notes, named(10));
    // The lane still hangs: whoever is answered now was turned away.
    expect(await writeAll(notes, [{ name: 'too late' }, { name: 'later still' }])).toEqual(['OVERLOADED', 'OVERLOADED']);
    await holder.rollback();
    expect(await held).toBe(1);
    expect(await inLine).toEqual(times(10, (index) => index + 2));
    expect(await notes.written()).toEqual(['held', ...namesOf(named(10))]);
  });

  test('is let go by the time-out of its statement, and everyone is told in bounded time that nothing was done', async () => {
    const shop = await openShop();
    onTestFinished(() => shop.close());
    const couponId = await coupon(shop, { quantity: 10 });
    const customers = await Promise.all(times(20, () => shop.customer()));
    const claim = (customer: Caller): Promise<Answered> => customer.post(`/coupons/${couponId}/issue`, undefined, { key: 'claim' });
    const holder = await openBlocker(shop.target);
    await holder.run('SELECT FROM coupon WHERE id = $1 FOR UPDATE', [couponId]);
    const startedAt = performance.now();
    const early = customers.slice(0, 10).map(claim);
    await holder.waiters(1);
    const late = customers.slice(10).map(claim);
    const answers = await Promise.all([...early, ...late]);
    expect(tally(answers)).toEqual({ '503 OVERLOADED': 20 });
    expect(new Set(answers.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['1']));
    expect(performance.now() - startedAt).toBeLessThan(ANSWERED_WITHIN_MS);
    await holder.rollback();

    expect((await shop.staff.get(`/coupons/${couponId}`)).body).toMatchObject({ issued: 0 });
    const again = await Promise.all(customers.map(claim));
    expect(tally(again)).toEqual({ 201: 10, '409 COUPON_SOLD_OUT': 10 });
    expect(again.every(({ headers }) => headers.get('idempotent-replayed') === null)).toBe(true);

    const metrics = (await shop.anyone.get('/metrics')).body.text;
    const value = (sample: string): number =>
      Number(
        metrics
          .split('\n')
          .find((line) => line.startsWith(`${sample} `))
          ?.split(' ')[1],
      );
    // Who was in the lane met the time-out of the database; who waited behind met the deadline of the line, or the time-out as well.
    const label = 'queue="coupon"';
    const [database, deadline] = ['database', 'deadline'].map((reason) => `openrun_commit_overloaded_total{${label},reason="${reason}"}`);
    expect((value(database ?? '') || 0) + (value(deadline ?? '') || 0)).toBe(20);
    const commands = value(`openrun_commit_batch_size_sum{${label}}`);
    // The coupon itself, the claims that got a lane, and the claims that were repeated.
    expect(commands).toBeGreaterThanOrEqual(1 + 1 + 20);
    expect(value(`openrun_commit_batch_size_count{${label}}`)).toBeLessThan(commands);
    expect(value(`openrun_commit_batch_seconds_count{${label}}`)).toBe(value(`openrun_commit_batch_size_count{${label}}`));
    expect(value(`openrun_commit_wait_seconds_count{${label}}`)).toBe(commands);
    expect(value(`openrun_commit_waiting{${label}}`)).toBe(0);
  });
});
