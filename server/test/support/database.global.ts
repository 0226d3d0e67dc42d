/**
 * The PostgreSQL that the tests use: the Citus cluster of `TEST_CITUS_URL`, the server of `TEST_DATABASE_URL`, or an embedded one that is started
 * for the run. Its databases are copies of one template, so that each test file has its own and the migrations run once.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type ConnectionTarget, clientConfig } from '../../src/database/database.ts';
import { startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createTemplate, dropEverywhere, findNodes } from './citus.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's maintenance database. */
    target: ConnectionTarget;
    template: string;
    /** Of a Citus cluster, the maintenance databases of its servers, the coordinator's first; otherwise null. */
    nodes: readonly string[] | null;
    /** A directory of this run, for what its tests make once. */
    common: string;
  }
}

const silent = { info: () => undefined, warn: () => undefined, error: (message: string) => void process.stderr.write(`${message}\n`) };

async function findServer(): Promise<{ target: ConnectionTarget; stop: () => Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') return { target: { url }, stop: async () => undefined };
  const dataDir = mkdtempSync(join(tmpdir(), 'openrun-test-'));
  const onGaveUp = (error: Error): void => silent.error(error.message);
  const embedded = await startEmbedded({ dataDir, log: silent, onGaveUp });
  return {
    target: embedded.connection,
    stop: async () => {
      await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function databaseOf(target: ConnectionTarget, database: string): ConnectionTarget {
  if (!('url' in target)) return { ...target, database };
  const url = new URL(target.url);
  url.pathname = `/${database}`;
  return { url: url.toString() };
}

/** The target as a URL, for processes that are told of it by `DATABASE_URL`. */
export function urlOf(target: ConnectionTarget): string {
  if ('url' in target) return target.url;
  const { host, port, user, database } = target;
  return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = `openrun_template_${randomBytes(4).toString('hex')}`;
  const cluster = process.env['TEST_CITUS_URL'];
  const common = mkdtempSync(join(tmpdir(), 'openrun-test-'));
  // PostgreSQL does not run as root: its user has to pass through.
  chmodSync(common, 0o755);
  project.provide('common', common);
  const takeDown = await (cluster === undefined || cluster === ''
    ? setUpServer(project, template)
    : setUpCluster(project, template, cluster));
  return async () => {
    await takeDown();
    rmSync(common, { recursive: true, force: true, maxRetries: 5 });
  };
}

async function setUpCluster(project: TestProject, template: string, cluster: string): Promise<() => Promise<void>> {
  const nodes = await findNodes(cluster);
  await createTemplate(nodes, template);
  project.provide('target', { url: nodes[0] ?? cluster });
  project.provide('template', template);
  project.provide('nodes', nodes);
  return () => dropEverywhere(nodes, template);
}

async function setUpServer(project: TestProject, template: string): Promise<() => Promise<void>> {
  const { target, stop } = await findServer();
  const admin = new pg.Client(clientConfig(target));
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  await migrate(databaseOf(target, template), () => undefined);
  project.provide('target', target);
  project.provide('template', template);
  project.provide('nodes', null);
  return async () => {
    await admin.query(`DROP DATABASE ${template}`);
    await admin.end();
    await stop();
  };
}
