/** A placeholder until the demo's own commit. */
import type { Services } from '../app.ts';

export const DEMO_LINES: readonly string[] = [];

export async function seedDemo(_services: Services): Promise<boolean> {
  return false;
}
