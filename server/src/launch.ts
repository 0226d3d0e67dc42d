#!/usr/bin/env node
/**
 * What the published package has as its command `openrun`: the command line, under the Node that the package brings. Whoever calls it may have an
 * older one, so that nothing here, and nothing that it imports before it knows, may be newer than that.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const;

/** The Node of the package; null where its install script was not allowed to run. */
function ownNode(): string | null {
  try {
    const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

/** Runs the command line in a process of its own, tells it every signal, and ends as it ends. By the channel a server notices where this one is killed. */
function runUnder(node: string): void {
  const commandLine = fileURLToPath(import.meta.url.replace(/launch(\.\w+)$/, 'cli$1'));
  const child = spawn(node, [commandLine, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const tell = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, tell);
  child.on('exit', (code, signal) => {
    for (const each of SIGNALS) process.off(each, tell);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

const own = ownNode();
const isNewEnough = Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN;
if (own !== null) runUnder(own);
else if (isNewEnough) await import('./cli.ts');
else {
  process.stderr.write(
    `openrun needs Node ${NODE_MAJOR_MIN}, and this is ${process.version}: allow the install script of the package \`node\`, which brings it\n`,
  );
  process.exitCode = 1;
}
