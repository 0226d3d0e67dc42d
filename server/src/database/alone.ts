/** A connection of its own, beside the pools. */
import pg from 'pg';
import { type ConnectionTarget, clientConfig, writableTarget } from './database.ts';

/** Connects to whichever host takes writes, for work that is one session from its beginning to its end. Whoever asked ends it. */
export async function connectAlone(target: ConnectionTarget, purpose: string): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(await writableTarget(target)), application_name: `openrun ${purpose}` });
  // The statement that is under way tells, or the next one. Unheard, the event would end the process before anything was put in order.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
