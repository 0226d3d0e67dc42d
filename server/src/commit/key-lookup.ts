/**
 * Asks whether keys already have effects, for requests that need no batch otherwise: keys that arrive while one question
 * is under way are asked in the next one, without locks.
 */
import type { Executor } from '../database/database.ts';
import { overloaded } from '../kernel/errors.ts';
import type { WriteKey } from './commit.types.ts';
import { failureOf } from './failure.ts';
import { findEffects, keyText } from './idempotency.repository.ts';

/** Resolves with whether the key has an effect. @throws ProblemError `OVERLOADED` */
export type KeyLookup = (key: WriteKey) => Promise<boolean>;

interface Question {
  readonly key: WriteKey;
  readonly resolve: (isKnown: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const ASKED_AT_ONCE_MAX = 512;
const WAITING_MAX = 10_000;

export function createKeyLookup(db: Executor): KeyLookup {
  let waiting: Question[] = [];
  let running = false;

  const ask = async (questions: readonly Question[]): Promise<void> => {
    try {
      const found = await findEffects(
        db,
        questions.map(({ key }) => key),
      );
      for (const { key, resolve } of questions) resolve(found.has(keyText(key)));
    } catch (error) {
      const failure = failureOf(error);
      const reason = failure === 'command' ? error : overloaded();
      // Where the database does not answer, whoever waits would only wait for one time-out after the other.
      const affected = failure === 'unavailable' ? [...questions, ...waiting.splice(0)] : questions;
      for (const { reject } of affected) reject(reason);
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const questions = waiting.slice(0, ASKED_AT_ONCE_MAX);
      waiting = waiting.slice(ASKED_AT_ONCE_MAX);
      await ask(questions);
    }
    running = false;
  };

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) {
        reject(overloaded());
        return;
      }
      waiting.push({ key, resolve, reject });
      if (running) return;
      running = true;
      // At the end of this turn, so that all requests that were read in it are asked together.
      setImmediate(() => void run());
    });
}
