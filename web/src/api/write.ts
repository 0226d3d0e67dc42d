/** Writes: sent with their intent's key, so that what was tapped twice, or before a reload, is done once. */
import { Problem } from '@openrun/client';
import { forget, keyOf, type Operation } from './intents.ts';

/** Sends a write until its outcome is known. @throws Problem; one that `isOpen` leaves the key for the next try. */
export async function write<T>(operation: Operation, request: object, send: (key: string) => Promise<T>): Promise<T> {
  const key = keyOf(operation, request);
  try {
    const answer = await send(key);
    forget(operation, request);
    return answer;
  } catch (error) {
    if (error instanceof Problem && !error.isOpen) forget(operation, request);
    throw error;
  }
}
