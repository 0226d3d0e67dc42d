/** The command line in processes of its own, whose environment has only the settings that a test gives. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import { TEST_SECRET } from './shop.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');

/** Lets the processes of a run share what Node compiles: the tests start a hundred of them. */
export function compiledOnce(): { NODE_COMPILE_CACHE: string } {
  return { NODE_COMPILE_CACHE: join(inject('common'), 'compiled') };
}

export interface Ended {
  /** null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Command {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when its output has the text; rejects where it ends without. */
  said(text: string): Promise<void>;
}

/** Starts `openrun` with these arguments as a server of a test; `through` is a shell script that ends by running `"$@"`. */
export function startOpenrun(args: readonly string[], settings: Readonly<Record<string, string>>, through?: string): Command {
  return run(args, { AUTH_JWT_SECRET: TEST_SECRET, SEED_DEMO: 'false', ...settings }, through);
}

function run(args: readonly string[], settings: Readonly<Record<string, string>>, through?: string): Command {
  const command = [process.execPath, CLI, ...args];
  const [program = '', ...rest] = through === undefined ? command : ['/bin/sh', '-c', through, 'sh', ...command];
  const child = spawn(program, rest, {
    cwd: '/',
    env: { PATH: process.env['PATH'], ...compiledOnce(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
  const said = async (text: string): Promise<void> => {
    while (!stdout.includes(text)) {
      const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)]);
      if (over && !stdout.includes(text)) throw new Error(`it ended without saying ${text}:\n${stdout}${stderr}`);
    }
  };
  return { process: child, ended, said };
}

/** Runs `openrun` to its end. */
export function openrun(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<Ended> {
  return startOpenrun(args, settings).ended;
}

/** Runs `openrun` to its end, with these settings alone. */
export function runOpenrun(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<Ended> {
  return run(args, settings).ended;
}
