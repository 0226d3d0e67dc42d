/**
 * The dashboard as it goes on: one snapshot a second from the server's stream, or one every other second by asking where no stream
 * can be had. It runs while somebody looks, and all who look share it.
 */
import type { Dashboard } from '@openrun/client';
import { api } from '../../api/client.ts';
import { type Point, pointOf } from './points.ts';

export interface Feed {
  readonly snapshot: Dashboard | null;
  /** The last minutes, the oldest first. */
  readonly points: readonly Point[];
  readonly source: 'connecting' | 'stream' | 'polling' | 'broken';
  readonly error: Error | null;
}

const POINTS_MAX = 180;
const POLL_MS = 2000;
/** A stream that says nothing for so long is as good as none. */
const SILENT_MS = 5000;
/** How long asking goes on before a stream that was refused is tried again. */
const REOPEN_MS = 30_000;

const listeners = new Set<() => void>();
let feed: Feed = { snapshot: null, points: [], source: 'connecting', error: null };
let stream: EventSource | null = null;
let timer = 0;
let heardAt = 0;
let openedAt = 0;

export function readFeed(): Feed {
  return feed;
}

export function followFeed(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) start();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

function start(): void {
  open();
  timer = window.setTimeout(() => void look(), POLL_MS);
}

function stop(): void {
  clearTimeout(timer);
  stream?.close();
  stream = null;
}

function open(): void {
  openedAt = Date.now();
  stream?.close();
  stream = new EventSource('/dashboard/stream');
  stream.addEventListener('snapshot', ({ data }: MessageEvent<unknown>) => {
    const snapshot: unknown = typeof data === 'string' ? JSON.parse(data) : null;
    if (!isDashboard(snapshot)) return;
    heardAt = Date.now();
    take(snapshot, 'stream');
  });
}

/** Asks for a snapshot where the stream gives none, and for a new stream from time to time. */
async function look(): Promise<void> {
  const now = Date.now();
  if (now - heardAt > SILENT_MS) {
    if (now - openedAt > REOPEN_MS) open();
    try {
      take(await api.get('/dashboard', { cache: 'no-store', signal: AbortSignal.timeout(SILENT_MS) }), 'polling');
    } catch (error) {
      put({ ...feed, source: 'broken', error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  if (listeners.size > 0) timer = window.setTimeout(() => void look(), POLL_MS);
}

function take(snapshot: Dashboard, source: 'stream' | 'polling'): void {
  put({ snapshot, points: [...feed.points, pointOf(snapshot)].slice(-POINTS_MAX), source, error: null });
}

function put(next: Feed): void {
  feed = next;
  for (const listener of listeners) listener();
}

/** As far as the server's word is worth checking: a stream is text, which no generated client has read. */
function isDashboard(value: unknown): value is Dashboard {
  if (typeof value !== 'object' || value === null) return false;
  const parts = ['asOf', 'processes', 'flows', 'queues', 'sales', 'orders', 'holds', 'coupons', 'stock', 'deliveries'];
  return parts.every((part) => part in value);
}
