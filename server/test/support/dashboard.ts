/** Someone who follows the dashboard of a server. */
import type { OpenrunApp } from '../../src/app.ts';

export type Snapshot = Awaited<ReturnType<OpenrunApp['services']['dashboard']['snapshot']>>;
export const readSnapshot: (text: string) => Snapshot = JSON.parse;

export interface Listener {
  readonly response: Response;
  /** All it was sent. */
  text(): string;
  snapshots(): string[];
  /** How it came to its end. */
  readonly over: Promise<'ended' | 'broken'>;
  leave(): void;
}

/** Listens to the dashboard's stream until it ends. */
export async function listen({ baseUrl }: { readonly baseUrl: string }, headers: Readonly<Record<string, string>>): Promise<Listener> {
  const stopping = new AbortController();
  const response = await fetch(`${baseUrl}/dashboard/stream`, { headers, signal: stopping.signal });
  let text = '';
  const over = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().then(
    () => 'ended' as const,
    () => 'broken' as const,
  );
  const snapshots = (): string[] => [...text.matchAll(/event: snapshot\ndata: (.*)\n\n/g)].map(([, data = '']) => data);
  return { response, snapshots, text: () => text, over, leave: () => stopping.abort() };
}
