/** The copy of the destinations that every process keeps. */
import type { Executor } from '../database/database.ts';
import { listDestinations } from './destination.repository.ts';
import type { Destination } from './destination.types.ts';
import type { EventType } from './event.types.ts';

export interface DestinationCopy {
  /** Brings it up to date. Rejects where a listener fails, who is then called again by the next one. */
  reload(): Promise<void>;
  current(): readonly Destination[];
  /** The names of the destinations that are on and want events of the type. */
  wanting(type: EventType): readonly string[];
  /** Calls `listener` whenever it has changed. */
  onChange(listener: () => void): void;
}

const NONE: readonly string[] = [];

/** An empty one. */
export function createDestinationCopy(database: Executor): DestinationCopy {
  let copy: readonly Destination[] = [];
  let wanted = new Map<EventType, readonly string[]>();
  let reloads = 0;
  let shown = 0;
  /** The version that all listeners have followed. */
  let told = versionOf(copy);
  const listeners: (() => void)[] = [];
  return {
    reload: async () => {
      reloads += 1;
      const own = reloads;
      const found = await listDestinations(database);
      // A reload that began before the one that is shown may have read what is older.
      if (own < shown) return;
      shown = own;
      const version = versionOf(found);
      if (version === told) return;
      copy = found;
      wanted = wantedOf(found);
      for (const listener of listeners) listener();
      told = version;
    },
    current: () => copy,
    wanting: (type) => wanted.get(type) ?? NONE,
    onChange: (listener) => void listeners.push(listener),
  };
}

function versionOf(destinations: readonly Destination[]): string {
  return destinations.map(({ name, updatedAt }) => `${name} ${updatedAt.getTime()}`).join();
}

function wantedOf(destinations: readonly Destination[]): Map<EventType, readonly string[]> {
  const on = destinations.filter(({ enabled }) => enabled);
  const types = new Set(on.flatMap(({ eventTypes }) => eventTypes));
  return new Map([...types].map((type) => [type, on.filter(({ eventTypes }) => eventTypes.includes(type)).map(({ name }) => name)]));
}
