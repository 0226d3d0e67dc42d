/**
 * Keeps PostgreSQL running for as long as the server wants it: starts it, starts it again when it ends by
 * itself (killed for want of memory, say), gives up when that happens too often, and stops it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedError, reasonOf } from './embedded-error.ts';
import { type EmbeddedLog, LogRelay } from './embedded-log.ts';
import { type Place, SOCKET_PORT } from './embedded-place.ts';
import { readPostmaster, retirePredecessor } from './embedded-postmaster.ts';
import { type Guarded, settlesWithin, startGuarded } from './embedded-process.ts';
import { settingArguments } from './embedded-settings.ts';

const RESTART_DELAYS_MS = [100, 500, 2000, 5000, 10_000];
const RESTART_WINDOW_MS = 5 * 60_000;
const READY_POLL_MS = 10;
/** Replaying the log after a crash may take long, but not this long. */
const READY_TIMEOUT_MS = 10 * 60_000;
const FAST_SHUTDOWN_MS = 15_000;
const IMMEDIATE_SHUTDOWN_MS = 15_000;
/** PostgreSQL's refusal while backends of one that was killed still run; they end within moments. */
const BACKENDS_REMAIN = 'shared memory block';

/** What to run, and whom to tell. */
export interface SupervisorOptions {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly socketDirectory: string;
  /** Servers that use it. */
  readonly processes?: number;
  readonly log: EmbeddedLog;
  /** PostgreSQL ended more than 5 times within 5 minutes, and is not started again. */
  onGaveUp(error: Error): void;
}

/** See the module's description. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #relay: LogRelay;
  readonly #stopping = new AbortController();
  #guarded: Guarded | null = null;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#relay = new LogRelay(options.log);
  }

  /** Resolves when the database accepts connections; throws {@link EmbeddedError} with PostgreSQL's own words. */
  async start(): Promise<void> {
    for (const pause of [...RESTART_DELAYS_MS, null]) {
      try {
        const guarded = await this.#launch();
        this.#watching = this.#watch(guarded);
        return;
      } catch (error) {
        if (pause === null || !this.#relay.recent().includes(BACKENDS_REMAIN)) throw error;
        await delay(pause);
      }
    }
  }

  /** Fast shutdown; where that takes over 15 s, an immediate one, after which the next start replays the log. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#relay.calm();
    this.#guarded?.release();
    if (await settlesWithin(this.#watching, FAST_SHUTDOWN_MS)) return;
    const { log, place } = this.#options;
    log.warn(`PostgreSQL on ${place.cluster} takes over ${FAST_SHUTDOWN_MS / 1000} s to stop: it is stopped at once`);
    this.#quit();
    if (await settlesWithin(this.#watching, IMMEDIATE_SHUTDOWN_MS)) return;
    log.error(`PostgreSQL on ${place.cluster} (process ${this.#guarded?.pid}) does not stop`);
  }

  /** Runs until the database is stopped or given up. */
  async #watch(first: Guarded): Promise<void> {
    const restarts: number[] = [];
    for (let guarded: Guarded | null = first; guarded !== null; ) {
      const end = await guarded.ended;
      if (this.#stopping.signal.aborted) return;
      this.#options.log.error(`PostgreSQL ended by itself (${end})`);
      guarded = await this.#restart(restarts);
    }
  }

  /** PostgreSQL running again, or null where the database is stopped or given up. */
  async #restart(restarts: number[]): Promise<Guarded | null> {
    const { log, place } = this.#options;
    for (;;) {
      const recent = restarts.filter((at) => at > performance.now() - RESTART_WINDOW_MS).length;
      const pause = RESTART_DELAYS_MS[recent];
      if (pause === undefined) {
        this.#options.onGaveUp(
          new EmbeddedError(`PostgreSQL on ${place.cluster} ended ${recent + 1} times in 5 minutes:\n${this.#relay.recent()}`),
        );
        return null;
      }
      restarts.push(performance.now());
      await delay(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return null;
      try {
        const guarded = await this.#launch();
        log.info('PostgreSQL runs again');
        return guarded;
      } catch (error) {
        if (this.#stopping.signal.aborted) return null;
        log.error(reasonOf(error));
      }
    }
  }

  async #launch(): Promise<Guarded> {
    const { place, binaries, socketDirectory, log, processes = 1 } = this.#options;
    await retirePredecessor(place.cluster, log, this.#stopping.signal);
    if (this.#stopping.signal.aborted) throw new EmbeddedError('the database is being stopped');
    this.#relay.forget();
    const command = [binaries.postgres, '-D', place.cluster, ...settingArguments(socketDirectory, SOCKET_PORT, processes)];
    const guarded = startGuarded(command, { account: place.account, cwd: place.base, onLine: (line) => this.#relay.line(line) });
    this.#guarded = guarded;
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (guarded.end === null && performance.now() < deadline) {
      const postmaster = await readPostmaster(place.cluster);
      if (postmaster?.isReady && postmaster.pid === guarded.pid) return guarded;
      await delay(READY_POLL_MS);
    }
    guarded.release();
    const end = guarded.end ?? `not ready after ${READY_TIMEOUT_MS / 60_000} minutes`;
    await guarded.ended;
    throw new EmbeddedError(`PostgreSQL does not start on ${place.cluster} (${end}):\n${this.#relay.recent()}`);
  }

  #quit(): void {
    const pid = this.#guarded?.pid ?? null;
    try {
      if (pid !== null && this.#guarded?.end === null) process.kill(pid, 'SIGQUIT');
    } catch {
      // It ended this very moment, which is what was wanted.
    }
  }
}
