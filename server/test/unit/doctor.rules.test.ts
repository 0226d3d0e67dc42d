/** What the doctor makes of databases and disks that no test can have. */
import { describe, expect, test } from 'vitest';
import {
  judgeConnections,
  judgeDurability,
  judgeEncryption,
  judgeSession,
  judgeSpace,
  judgeTimeouts,
  judgeVacuum,
  judgeVersion,
  judgeWrites,
} from '../../src/doctor/doctor.rules.ts';
import type { DatabaseState, Finding } from '../../src/doctor/doctor.types.ts';

const GIB = 2 ** 30;

function state(settings: Readonly<Record<string, string>> = {}, more: Partial<DatabaseState> = {}): DatabaseState {
  return {
    version: 180_001,
    isInRecovery: false,
    settings: new Map(
      Object.entries({ max_connections: '100', superuser_reserved_connections: '3', synchronous_commit: 'on', ...settings }),
    ),
    connections: { own: 22, others: 0 },
    connectionLimit: null,
    unwritableTables: [],
    ...more,
  };
}

const levels = (findings: readonly Finding[]): string[] => findings.map(({ level }) => level);

test('versions: 15 to 18 are ok, older is a problem, newer was not tried', () => {
  const levelOf = (version: number): string[] => levels(judgeVersion(state({}, { version })));
  expect([149_999, 150_000, 180_099, 190_000].map(levelOf)).toEqual([['problem'], ['ok'], ['ok'], ['warning']]);
  expect(judgeVersion(state({}, { version: 160_004 }))).toMatchObject([{ message: 'PostgreSQL 16.4' }]);
});

test('durability: fsync and full_page_writes; a standby that is named but not waited for; hosts without one', () => {
  const found = (settings: Readonly<Record<string, string>>, hosts = 1): string[] => levels(judgeDurability(state(settings), hosts));
  expect(found({ fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' })).toEqual(['problem', 'problem', 'problem']);
  expect(found({ synchronous_commit: 'local' })).toEqual(['ok']);
  expect(found({ synchronous_commit: 'local', synchronous_standby_names: 'two' })).toEqual(['warning']);
  expect(found({ synchronous_standby_names: '' }, 2)).toEqual(['warning']);
  expect(found({ synchronous_standby_names: 'two' }, 2)).toEqual(['ok']);
});

test('encryption: none over a network and none that is verified are worth a warning', () => {
  const found = (isEncrypted: boolean, isLocal: boolean, verification: 'none' | 'authority' | 'host' | null): string[] =>
    levels(judgeEncryption({ isEncrypted, isLocal, protocol: isEncrypted ? 'TLSv1.3' : null, cipher: null }, verification));
  expect([found(false, true, null), found(false, false, null)]).toEqual([['ok'], ['warning']]);
  expect([found(true, false, 'none'), found(true, false, 'authority'), found(true, false, 'host')]).toEqual([['warning'], ['ok'], ['ok']]);
});

test('connections: those reserved and those of others are not to be had', () => {
  const found = (settings: Readonly<Record<string, string>>, more: Partial<DatabaseState> = {}, processes = 1): string[] =>
    levels(judgeConnections(state(settings, more), 22, processes));
  expect(found({ max_connections: '25' })).toEqual(['ok']);
  expect(found({ max_connections: '24' })).toEqual(['problem']);
  expect(found({ max_connections: '30', reserved_connections: '6' })).toEqual(['problem']);
  expect(found({ max_connections: '30' }, { connections: { own: 0, others: 6 } })).toEqual(['warning']);
  expect(found({}, { connectionLimit: 21 })).toEqual(['problem']);
  expect(found({}, {}, 4)).toEqual(['ok']);
  expect(found({}, {}, 5)).toEqual(['problem']);
});

test('a standby takes no writes', () => {
  expect(levels(judgeWrites(state({}, { isInRecovery: true })))).toEqual(['problem']);
});

test('sessions: what the driver and the batches take for granted', () => {
  const right = { default_transaction_isolation: 'read committed', server_encoding: 'UTF8', DateStyle: 'ISO, DMY', TimeZone: 'Asia/Seoul' };
  expect(levels(judgeSession(state(right)))).toEqual(['ok']);
  expect(levels(judgeSession(state({ ...right, server_encoding: 'SQL_ASCII', DateStyle: 'SQL, DMY' })))).toEqual(['problem', 'problem']);
});

test('timeouts: what stands between may drop them, and an operator may have set others', () => {
  const asked = { statementTimeoutMs: 5000, idleInTransactionTimeoutMs: 10_000, idlePoolMs: 60_000 };
  const right = { statement_timeout: '5000', idle_in_transaction_session_timeout: '10000', idle_session_timeout: '60001' };
  expect(levels(judgeTimeouts(state(right), asked))).toEqual(['ok']);
  const wrong = {
    statement_timeout: '0',
    idle_in_transaction_session_timeout: '0',
    idle_session_timeout: '60000',
    transaction_timeout: '1',
  };
  expect(levels(judgeTimeouts(state(wrong), asked))).toEqual(['warning', 'warning', 'warning', 'warning']);
  expect(levels(judgeVacuum(state({ autovacuum: 'off' })))).toEqual(['warning']);
});

describe('free space', () => {
  test.each<[level: string, freeBytes: number, totalBytes: number]>([
    ['ok', 10 * GIB, 100 * GIB],
    ['ok', 2 * GIB, 3 * GIB],
    ['warning', 2 * GIB - 1, 3 * GIB],
    ['warning', 40 * GIB, 1000 * GIB],
    ['warning', GIB / 4, GIB],
    ['problem', GIB / 4 - 1, GIB],
  ])('%s: %i of %i bytes', (level, freeBytes, totalBytes) => {
    expect(judgeSpace({ directory: '/there', freeBytes, totalBytes })).toMatchObject({ check: 'disk', level });
  });
});
