/** What histories were made of, for the table: a checker that saw nothing happen would have nothing to say. */
import { isDone, isRead, isRefused } from './effects.ts';
import type { History } from './history.ts';

export interface Tally {
  add(history: History): void;
  /** `200,000 requests: 90,000 effects, …`. */
  note(): string;
  readonly refused: number;
}

export function tallyOf(): Tally {
  const counts = { requests: 0, done: 0, refused: 0, reads: 0, unanswered: 0 };
  return {
    add: ({ attempts }) => {
      counts.requests += attempts.length;
      for (const attempt of attempts) {
        if (isRead(attempt.asked)) counts.reads += 1;
        else if (isDone(attempt)) counts.done += 1;
        else if (isRefused(attempt)) counts.refused += 1;
        if (attempt.told === null || attempt.told.verdict.startsWith('503')) counts.unanswered += 1;
      }
    },
    note: () => {
      const say = (count: number): string => count.toLocaleString('en-US');
      const { requests, done, refused, reads, unanswered } = counts;
      return `${say(requests)} requests: ${say(done)} writes done or repeated, ${say(refused)} refused, ${say(reads)} reads, ${say(unanswered)} turned away or without an answer`;
    },
    get refused() {
      return counts.refused;
    },
  };
}
