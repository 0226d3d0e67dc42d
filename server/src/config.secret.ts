/** The secret that tokens are signed with where the settings name none: kept in the data directory. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config.error.ts';

/** Its name in a data directory. */
export const SECRET_FILE = 'auth-secret';
export const SECRET_BYTES_MIN = 32;

/** The secret of the embedded default: random, made once, kept in the data directory for its owner alone. */
export function keptSecret(dataDir: string, mayMake: boolean): string {
  const file = join(dataDir, SECRET_FILE);
  if (!existsSync(file)) {
    if (!mayMake) {
      throw new ConfigError(`there is no ${file}: no server has run with this DATA_DIR, and none would take a token by a new secret`);
    }
    mkdirSync(dataDir, { recursive: true });
    makeSecret(file);
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) < SECRET_BYTES_MIN) {
    throw new ConfigError(
      `${file} holds no usable secret; remove it, and the next start makes a new one that ends all sessions and tokens`,
    );
  }
  return secret;
}

/** Puts a whole secret in place, or leaves the one that another process was faster with. */
function makeSecret(file: string): void {
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, randomBytes(SECRET_BYTES_MIN).toString('hex'), { mode: 0o600, flush: true });
  try {
    linkSync(whole, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(whole);
  }
}
