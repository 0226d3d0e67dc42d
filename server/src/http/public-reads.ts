/**
 * The finished bodies of public reads, kept for a moment, so that a crowd that asks for one page costs the database one look.
 *
 * A body is given out for {@link FRESH_MS} after its load began, which bounds how far it lags behind other processes, and only while
 * the epoch is the one its load began in: whatever this process has answered ends the epoch, so a read that arrives afterwards
 * shows it. The same holds for joining a load that is under way. See `docs/adr/0006-public-reads-from-memory.md`.
 */
import { Refusal } from '../kernel/errors.ts';
import { type Representation, representationOf } from './representation.ts';

/** Bounds of what is kept; a body beyond `entryBytesMax` is answered and not kept. */
export interface PublicReadLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
  readonly entryBytesMax: number;
}

type Epoch = () => number;
type Load = () => Promise<object | Refusal>;

export interface PublicReads {
  readonly size: number;
  readonly bytes: number;
  /**
   * The body under `key`: at once where it is kept, else by `load`, which all who ask meanwhile share. `epoch` counts the changes
   * that it must show. A refusal and a failure reach those who wait for them, and are not kept.
   */
  read(key: string, epoch: Epoch, load: Load): Representation | Promise<Representation | Refusal>;
}

/** When a load began: what it found is as new as that. */
interface Origin {
  readonly epoch: number;
  readonly startedAtMs: number;
}

interface Kept {
  readonly origin: Origin;
  readonly representation: Representation;
  readonly bytes: number;
}

interface Flight {
  readonly origin: Origin;
  readonly result: Promise<Representation | Refusal>;
}

/** The wire contract allows public reads to lag a second behind other processes; the rest is for the way of the answer. */
const FRESH_MS = 900;
/** From this age on a body is loaded anew while the old one is still given out, so that nobody waits for the load of a page in demand. */
const REFRESH_MS = 400;
const MIB = 1024 * 1024;
const DEFAULT_LIMITS: PublicReadLimits = { entriesMax: 1000, bytesMax: 16 * MIB, entryBytesMax: MIB };
/** Of a key in memory, whatever it is written in. */
const BYTES_PER_CHARACTER_MAX = 2;

interface Memory {
  readonly size: number;
  readonly bytes: number;
  /** What is kept under `key`, from now on the most recently used. */
  get(key: string): Kept | undefined;
  set(key: string, origin: Origin, representation: Representation): void;
  delete(key: string): void;
}

/** A bounded memory that forgets what was used least recently. */
function createMemory({ entriesMax, bytesMax, entryBytesMax }: PublicReadLimits): Memory {
  // A Map keeps its keys in the order of insertion: the first one is the one that was used least recently.
  const entries = new Map<string, Kept>();
  let bytes = 0;

  function forget(key: string): void {
    bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  return {
    get size() {
      return entries.size;
    },
    get bytes() {
      return bytes;
    },
    get: (key) => {
      const known = entries.get(key);
      if (known === undefined) return undefined;
      entries.delete(key);
      entries.set(key, known);
      return known;
    },
    set: (key, origin, representation) => {
      forget(key);
      const size = BYTES_PER_CHARACTER_MAX * key.length + representation.body.length;
      if (size > entryBytesMax) return;
      entries.set(key, { origin, representation, bytes: size });
      bytes += size;
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax && bytes <= bytesMax) break;
        forget(oldest);
      }
    },
    delete: forget,
  };
}

/** Makes an empty memory; `nowMs` is a clock that never goes back. */
export function createPublicReads(options: { readonly nowMs?: () => number; readonly limits?: PublicReadLimits } = {}): PublicReads {
  const { nowMs = () => performance.now(), limits = DEFAULT_LIMITS } = options;
  const kept = createMemory(limits);
  // As many as there are requests that wait for them, at most.
  const flights = new Map<string, Flight>();

  const isCurrent = (origin: Origin, epoch: Epoch): boolean => origin.epoch === epoch() && nowMs() - origin.startedAtMs < FRESH_MS;

  async function run(key: string, origin: Origin, epoch: Epoch, load: Load): Promise<Representation | Refusal> {
    const found = await load();
    if (found instanceof Refusal) return found;
    const representation = representationOf(found);
    if (isCurrent(origin, epoch)) kept.set(key, origin, representation);
    return representation;
  }

  function start(key: string, epoch: Epoch, load: Load): Promise<Representation | Refusal> {
    const origin = { epoch: epoch(), startedAtMs: nowMs() };
    const result = run(key, origin, epoch, load);
    flights.set(key, { origin, result });
    const land = (): void => {
      // A later load may have taken the place.
      if (flights.get(key)?.origin === origin) flights.delete(key);
    };
    void result.then(land, land);
    return result;
  }

  return {
    get size() {
      return kept.size;
    },
    get bytes() {
      return kept.bytes;
    },
    read: (key, epoch, load) => {
      const known = kept.get(key);
      const flight = flights.get(key);
      const underWay = flight !== undefined && isCurrent(flight.origin, epoch) ? flight.result : null;
      if (known !== undefined && isCurrent(known.origin, epoch)) {
        if (underWay === null && nowMs() - known.origin.startedAtMs >= REFRESH_MS) void start(key, epoch, load);
        return known.representation;
      }
      if (known !== undefined) kept.delete(key);
      return underWay ?? start(key, epoch, load);
    },
  };
}
