/** `openrun backup` and `openrun restore`: what each does, one after the other. */
import { mkdtemp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { audit, type Difference } from './audit/audit.ts';
import { BackupError } from './backup/backup.errors.ts';
import { takeBackup } from './backup/backup.ts';
import { sizeText } from './backup/files.ts';
import type { Manifest } from './backup/manifest.ts';
import { restoreBackup, trialDirectory } from './backup/restore.ts';
import { SECRET_FILE } from './config.secret.ts';
import { type Config, ConfigError } from './config.ts';
import { hasDatabase, superuserOf } from './database/embedded.ts';
import { removeDataDir } from './database/embedded-place.ts';
import { migrate } from './database/migrate.ts';
import { present } from './kernel/assert.ts';
import { createLogger, embeddedLog, withDatabase } from './runtime.ts';
import { VERSION } from './version.ts';

type Out = (line: string) => void;

/** Takes a backup of the configured database; with `verify` gives what the audit of its restored copy finds. */
export async function backUp(config: Config, target: string, { verify, out }: { verify: boolean; out: Out }): Promise<Difference[] | null> {
  const { dataDir } = config;
  refuseUrl(config);
  if (!(await hasDatabase(dataDir))) throw new BackupError(`${dataDir} has no database to back up`);
  const startedAt = performance.now();
  const manifest = await withDatabase(config, createLogger(config), (database) => {
    const source = present(superuserOf(database.target), 'the embedded database');
    return takeBackup({ source, dataDir, beside: [SECRET_FILE], target, version: VERSION, out });
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  out(`${resolve(target)}: ${described(manifest)}, written and read back in ${seconds} s`);
  return verify ? tryOut(config, target, out) : null;
}

/** Restores a backup into the data directory; gives what the audit finds. */
export async function restore(config: Config, backup: string, { force, out }: { force: boolean; out: Out }): Promise<Difference[]> {
  refuseUrl(config);
  const { dataDir } = config;
  const manifest = await restoreBackup({ backup, dataDir, force, beside: SECRET_FILE, log: told(config, out) });
  out(`${dataDir}: restored ${described(manifest)}, made ${manifest.createdAt}`);
  return auditOf(config, out);
}

async function tryOut(config: Config, backup: string, out: Out): Promise<Difference[]> {
  const dataDir = await mkdtemp(trialDirectory(backup));
  try {
    await restoreBackup({ backup, dataDir, force: false, beside: SECRET_FILE, log: told(config, () => undefined) });
    out('restored into a temporary directory');
    return await auditOf({ ...config, dataDir }, out);
  } finally {
    await removeDataDir(dataDir);
  }
}

/** A backup of an earlier version is brought up to date first, as a start of the server would. */
async function auditOf(config: Config, out: Out): Promise<Difference[]> {
  return withDatabase(config, createLogger(config), async (database) => {
    await migrate(database.target, out);
    return audit(database);
  });
}

function refuseUrl({ databaseUrl }: Config): void {
  if (databaseUrl === null) return;
  throw new ConfigError(
    'backup and restore are for the embedded database; one that DATABASE_URL names is backed up with the tools of PostgreSQL, see docs/backup.md',
  );
}

function described({ bytes, files, log }: Manifest): string {
  return `${sizeText(bytes)} in ${files.length} files, consistent as of ${log.end} of the log`;
}

/** What a person should read goes to them, besides the log. */
function told(config: Config, out: Out): ReturnType<typeof embeddedLog> {
  return { ...embeddedLog(createLogger(config)), info: out };
}
