/** A shell that keeps its variables from one block of commands to the next, as the terminal of a reader does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
/**
 * A command that fails ends the shell. What runs in the background is a process group of its own, so that it can be ended with all that it has started,
 * and is ended with the shell.
 */
const FRAME = `set -euo pipefail; set -m; trap 'for job in $(jobs -p); do kill -- "-$job"; done' EXIT\n`;

export interface Session {
  /** Runs a block and gives what it wrote. Rejects where a command of it fails. */
  run(block: string): Promise<string>;
  /** All that was written so far, also by what runs in the background. */
  written(): string;
  close(): Promise<void>;
}

export function openSession(cwd: string, env: Readonly<Record<string, string>>): Session {
  const shell = spawn('bash', ['-s'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(shell, 'exit');
  let output = '';
  let blocks = 0;
  const keep = (text: string): void => {
    output += text;
  };
  for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', keep);
  shell.stdin.write(FRAME);
  return {
    run: async (block) => {
      const from = output.length;
      blocks += 1;
      const end = `=== block ${blocks} ended`;
      // What a command reads is not what the shell reads its commands from.
      shell.stdin.write(`{\n${block}\n} < /dev/null\nprintf '%s\\n' '${end}'\n`);
      while (!output.includes(end, from)) {
        if (shell.exitCode !== null) throw new Error(`a command failed:\n${block}\n${output.slice(from)}`);
        await delay(POLL_MS);
      }
      return output.slice(from, output.indexOf(end, from));
    },
    written: () => output,
    close: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
