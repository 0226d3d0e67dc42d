/**
 * A data directory with a migrated database and nothing in it, made once a run and copied: what begins on an empty one makes the database for
 * seconds, and only some tests are about that.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { openrun } from './command-line.ts';

const run = promisify(execFile);

/** Copies the database into a data directory that has none. */
export async function fillDataDirectory(dataDir: string): Promise<void> {
  const template = await findTemplate();
  // With its owner, who on some machines is another than that of the tests.
  await run('cp', ['-a', `${template}/.`, dataDir]);
}

async function findTemplate(): Promise<string> {
  const template = join(inject('common'), 'data');
  if (existsSync(template)) return template;
  const own = `${template}-${randomBytes(4).toString('hex')}`;
  await mkdir(own, { mode: 0o755 });
  const { exitCode, stderr } = await openrun(['migrate'], { DATA_DIR: own });
  if (exitCode !== 0) throw new Error(`no database could be made:\n${stderr}`);
  // Who makes one at the same time keeps to the one that came first.
  await rename(own, template).catch(() => rm(own, { recursive: true, force: true }));
  return template;
}
