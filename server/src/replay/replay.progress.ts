/** Shows how far a replay is: a bar on a terminal, and a line every few seconds anywhere else. */
import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

/** The progress of one phase at a time. */
export interface Progress {
  start(phase: string, total: number): void;
  tick(): void;
  stop(): void;
}

/** Makes the progress that fits `out`. */
export function createProgress(out: NodeJS.WritableStream): Progress {
  return 'isTTY' in out && out.isTTY === true ? createBar(out) : createLines(out);
}

function createBar(out: NodeJS.WritableStream): Progress {
  const format = '{phase} [{bar}] {percentage}% | {value}/{total} | {duration_formatted}';
  // Without gracefulExit an interrupt ends the process at once, as in any other command.
  const bar = new SingleBar({ stream: out, format, gracefulExit: false, stopOnComplete: false, emptyOnZero: true }, Presets.shades_classic);
  return {
    start: (phase, total) => bar.start(total, 0, { phase: phase.padEnd(10) }),
    tick: () => bar.increment(),
    stop: () => bar.stop(),
  };
}

function createLines(out: NodeJS.WritableStream): Progress {
  let phase = '';
  let total = 0;
  let done = 0;
  let writtenAt = 0;
  return {
    start: (name, count) => {
      [phase, total, done, writtenAt] = [name, count, 0, performance.now()];
    },
    tick: () => {
      done += 1;
      if (performance.now() - writtenAt < LINE_EVERY_MS) return;
      writtenAt = performance.now();
      out.write(`${phase}: ${done} of ${total}\n`);
    },
    stop: () => {
      out.write(`${phase}: ${done} of ${total} done\n`);
    },
  };
}
