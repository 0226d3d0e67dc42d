/** Writes what was measured: JSON for whoever wants to compute with it, and a table for whoever wants to read it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../arms/machine.ts';

const DIRECTORY = fileURLToPath(new URL('../results', import.meta.url));

export interface Report {
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  readonly results: unknown;
  /** SVG by its file's name. */
  readonly charts?: Readonly<Record<string, string>>;
}

export function writeReport({ name, text, results, charts = {} }: Report, machine: Machine, directory: string = DIRECTORY): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  writeFileSync(join(directory, `${name}.md`), `# ${name}\n\n${describe(machine)}\n\n${text}\n`);
  for (const [file, svg] of Object.entries(charts)) writeFileSync(join(directory, `${file}.svg`), svg);
}

function describe({ cores, processor, memoryBytes, node, postgresql, commit, measuredAt }: Machine): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  return `${measuredAt}, commit ${commit}: ${cores} cores of ${processor}, ${memory}, Node ${node}, PostgreSQL ${postgresql}; server, database and load share them.`;
}
