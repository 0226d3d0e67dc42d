/** Turns the proofs of a run into rows, says each as it ends, and the table at the end. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type Row, tableOf } from './rows.ts';

const SECOND_MS = 1000;
const GIBIBYTE = 2 ** 30;

export interface RowReporter extends Reporter {
  readonly rows: readonly Row[];
}

export function createRowReporter(root: string, seed: number): RowReporter {
  const rows: Row[] = [];
  const date = new Date().toISOString().slice(0, 10);
  return {
    rows,
    onTestCaseResult: (testCase) => {
      const row = rowOf(testCase, root, seed, date);
      if (row === null) return;
      rows.push(row);
      console.log(
        `${row.isKept ? 'kept  ' : 'BROKEN'} ${row.id}: ${row.tries} ${row.unit} in ${row.seconds} s${row.note === '' ? '' : `; ${row.note}`}`,
      );
    },
    onTestRunEnd: (modules: readonly TestModule[]) => {
      const lost = modules.filter((module) => module.errors().length > 0);
      for (const module of lost) console.log(`BROKEN ${module.moduleId}: ${module.errors()[0]?.message ?? ''}`);
      console.log(`\n${tableOf(rows)}\n\nseed ${seed}`);
    },
  };
}

function rowOf(testCase: TestCase, root: string, seed: number, date: string): Row | null {
  const { proof } = testCase.meta();
  const { state } = testCase.result();
  if (proof === undefined || state === 'skipped' || state === 'pending') return null;
  const file = testCase.module.moduleId.slice(root.length + 1).replace(/\.proof\.ts$/, '');
  const seconds = Math.round((testCase.diagnostic()?.duration ?? 0) / SECOND_MS);
  return { id: `${file}: ${testCase.name}`, ...proof, isKept: state === 'passed', seconds, seed, date, machine: machine() };
}

function machine(): string {
  const memory = Math.round(totalmem() / GIBIBYTE);
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${memory} GiB, Node ${process.version}`;
}
