/** What a server says of itself, and what `docs/metrics.md` says that it does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../../docs/metrics.md');

export interface Metric {
  readonly name: string;
  readonly type: string;
  /** The names of its labels. */
  readonly labels: readonly string[];
}

export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** Those of the document that this system has. */
export function documentedMetrics(): Metric[] {
  return readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, metric = '', type = '', labels = '', meaning = ''] = line.split('|').map((cell) => cell.trim());
      const name = /^`((?:openrun|process|nodejs)_\w+)`$/.exec(metric)?.[1];
      if (name === undefined || (meaning.includes('(Linux)') && process.platform !== 'linux')) return [];
      return [{ name, type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) }];
    });
}

/** The names and types of the text format. */
export function exposedTypes(text: string): { name: string; type: string }[] {
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
}

/** Every sample of the text format. */
export function samplesOf(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)].map(([, name = '', labels = '']) => ({
    name,
    labels: new Map([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value])),
  }));
}
