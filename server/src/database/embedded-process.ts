/**
 * Processes that never outlive this one.
 *
 * A small shell, in a session of its own so that neither Ctrl-C in the terminal nor a signal to the server's
 * process group reaches it, keeps the program as its child and holds the reading end of a pipe of ours. When
 * the pipe closes, because we let go of it or because we died in whatever way, it sends the program SIGINT
 * (PostgreSQL's fast shutdown), and SIGQUIT where that takes too long, until the program is gone.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { assert, present } from '../kernel/assert.ts';
import type { Account } from './embedded-account.ts';

/**
 * The environment is inherited, except for the PG… variables, which PostgreSQL would take as settings, and
 * with messages in English. fd 3 is the pipe. A shell gives background commands /dev/null as stdin unless told otherwise, hence fd 4; and
 * ignored interrupts, which PostgreSQL's own handlers replace, but only some moments after it began: hence the
 * repetition. SIGPIPE is ignored because nobody may be there any more to read the pid.
 */
const GUARD = `
trap '' HUP INT QUIT TERM PIPE
for name in $(env | sed -n 's/^\\(PG[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
LC_ALL=C
export LC_ALL
exec 4<&0 </dev/null
"$@" <&4 3<&- 4<&- &
child=$!
exec 4<&-
(
  while read -r line <&3; do :; done
  seconds=0
  while [ "$seconds" -lt 20 ] && kill -INT "$child"; do sleep 1; seconds=$((seconds + 1)); done
  while kill -QUIT "$child"; do sleep 1; done
) >/dev/null 2>&1 &
watch=$!
exec 3<&-
echo "$child"
wait "$child"
status=$?
kill -KILL "$watch" 2>/dev/null
exit "$status"
`;

const MAX_PENDING_CHARACTERS = 8192;
const MAX_OUTPUT_CHARACTERS = 16_384;
const OUTPUT_GRACE_MS = 500;

/** A program under guard. */
export interface Guarded {
  /** The program's pid, once it is known. */
  readonly pid: number | null;
  /** How it ended, in words, once it has. */
  readonly end: string | null;
  /** Resolves with {@link end}; never rejects. */
  readonly ended: Promise<string>;
  /** Lets go of it: it is told to stop. */
  release(): void;
}

/** How to run a program: as whom, where, and who reads the lines it writes. */
export interface GuardOptions {
  readonly account: Account | null;
  readonly cwd: string;
  onLine(line: string): void;
  readonly input?: string;
}

/** Starts a program under guard. It begins without input unless some is given. */
export function startGuarded(command: readonly string[], options: GuardOptions): Guarded {
  const identity = options.account === null ? {} : { uid: options.account.uid, gid: options.account.gid };
  const shell = spawn('/bin/sh', ['-c', GUARD, 'openrun-guard', ...command], {
    ...identity,
    cwd: options.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let pid: number | null = null;
  let end: string | null = null;
  const ended = new Promise<string>((resolve) => {
    const finish = (how: string): void => {
      end ??= how;
      // Where the guard was killed, its other half and PostgreSQL may still hold the other ends.
      for (const stream of shell.stdio) stream?.destroy();
      resolve(end);
    };
    shell.once('error', (error) => finish(error.message));
    // What it wrote last should be read first, which `close` tells, but whoever it left behind may keep its stderr open.
    shell.once('exit', (code, signal) => void delay(OUTPUT_GRACE_MS, undefined, { ref: false }).then(() => finish(describe(code, signal))));
    shell.once('close', (code, signal) => finish(describe(code, signal)));
  });
  const lifeline = shell.stdio[3];
  assert(lifeline instanceof Socket, 'a guard must have its pipe');
  const stdin = present(shell.stdin, 'the stdin of a guard');
  // Writing to a program that has just ended is no news: its end is told by `ended`.
  for (const stream of [stdin, lifeline]) stream.on('error', () => undefined);
  // Nothing is ever read from it, but only a stream that flows notices that the other end is gone.
  lifeline.resume();
  stdin.end(options.input ?? '');
  readLines(present(shell.stdout, 'the stdout of a guard'), (line) => {
    if (pid === null) pid = Number(line);
    else options.onLine(line);
  });
  readLines(present(shell.stderr, 'the stderr of a guard'), (line) => options.onLine(line));
  return {
    get pid() {
      return pid;
    },
    get end() {
      return end;
    },
    ended,
    release: () => void lifeline.destroy(),
  };
}

/** Runs a program to its end under guard; gives how it ended and the tail of what it wrote. */
export async function runGuarded(
  command: readonly string[],
  options: Omit<GuardOptions, 'onLine'> & { readonly timeoutMs: number },
): Promise<{ ok: boolean; output: string }> {
  let output = '';
  const onLine = (line: string): void => {
    output = `${output}${line}\n`.slice(-MAX_OUTPUT_CHARACTERS);
  };
  const guarded = startGuarded(command, { ...options, onLine });
  if (!(await settlesWithin(guarded.ended, options.timeoutMs))) {
    guarded.release();
    onLine(`it took longer than ${options.timeoutMs / 1000} s`);
  }
  const end = await guarded.ended;
  return { ok: end === SUCCESS, output: `${output}${end}` };
}

/** Whether the promise settles before the time is over. */
export async function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const timeout = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), timeout]);
  timer.abort();
  return settled;
}

const SUCCESS = 'exit code 0';

/** The shell tells a child that a signal ended as 128 plus the signal's number. */
function describe(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === null) return `signal ${signal}`;
  return code > 128 ? `signal ${code - 128}` : `exit code ${code}`;
}

/** Calls back per line; of a line beyond the limit only the beginning is kept. */
function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let pending = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n');
    pending = (lines.pop() ?? '').slice(0, MAX_PENDING_CHARACTERS);
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (pending !== '') onLine(pending);
  });
  stream.on('error', () => undefined);
}
