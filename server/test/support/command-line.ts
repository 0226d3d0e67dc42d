/** The command line in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, '../..');
const PATIENCE_MS = 50_000;

export interface Ended {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `openrun` in an environment that has these settings alone. */
export function runOpenrun(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/cli.ts', ...args], { cwd: SERVER, env, timeout: PATIENCE_MS }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr }),
    );
  });
}
