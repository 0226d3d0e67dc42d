/** Writes: sent with their intent's key, and again with the same key for as long as their outcome is not known. */
import { forget, keyOf, type Operation } from './intents.ts';
import { answerOf, Problem, type Reply } from './problem.ts';

const ATTEMPTS_MAX = 6;
const FIRST_PAUSE_MS = 400;
const PAUSE_MAX_MS = 5000;

/** Sends a write until its outcome is known. @throws Problem; one that `isOpen` leaves the key for the next try. */
export async function write<T>(operation: Operation, request: object, send: (key: string) => Promise<Reply<T>>): Promise<T> {
  const key = keyOf(operation, request);
  try {
    const answer = await insist(() => answerOf(send(key)));
    forget(operation, request);
    return answer;
  } catch (error) {
    if (error instanceof Problem && !error.isOpen) forget(operation, request);
    throw error;
  }
}

async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS_MAX || !isWorthRepeating(error)) throw error;
      await pauseBefore(count, error.retryAfterSeconds);
    }
  }
}

/** No answer, `OVERLOADED`, `OUTCOME_UNKNOWN` and the like: the server may say more when it is asked again. */
function isWorthRepeating(error: unknown): error is Problem {
  if (!(error instanceof Problem)) return false;
  if (error.status === 429) return (error.retryAfterSeconds ?? 1) * 1000 <= PAUSE_MAX_MS;
  return error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504;
}

/** Waits longer each time, never all at the same moment, and no longer than it takes to be online again. */
async function pauseBefore(count: number, retryAfterSeconds: number | null): Promise<void> {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), PAUSE_MAX_MS) * (0.75 + Math.random() / 2);
  const wanted = Math.min((retryAfterSeconds ?? 0) * 1000, PAUSE_MAX_MS);
  await new Promise<void>((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, navigator.onLine ? Math.max(pause, wanted) : PAUSE_MAX_MS);
    if (!navigator.onLine) addEventListener('online', go);
  });
}
