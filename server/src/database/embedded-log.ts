/**
 * Brings the lines that PostgreSQL writes to stderr into the server's log: each at the level of its severity,
 * cut at a length, and no more than a number per interval, so that a storm of messages can neither fill a
 * disk nor slow the server down.
 */

/** Where the embedded database reports; pino's logger fits through a three-line adapter. */
export interface EmbeddedLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

type Level = keyof EmbeddedLog;

const MAX_LINE_CHARACTERS = 1000;
const MAX_LINES_PER_INTERVAL = 200;
const INTERVAL_MS = 10_000;
const RECENT_LINES = 15;
const SEVERITY = /(?:^|\s)(LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC):\s/;

/** See the module's description. */
export class LogRelay {
  readonly #log: EmbeddedLog;
  #recent: string[] = [];
  #level: Level = 'info';
  #calm = false;
  #intervalStart = 0;
  #inInterval = 0;
  #leftOut = 0;

  constructor(log: EmbeddedLog) {
    this.#log = log;
  }

  /** Takes one line of PostgreSQL. */
  line(text: string): void {
    const line = text.length > MAX_LINE_CHARACTERS ? `${text.slice(0, MAX_LINE_CHARACTERS)}…` : text;
    if (line.trim() === '') return;
    this.#recent = [...this.#recent, line].slice(-RECENT_LINES);
    this.#level = levelOf(line) ?? this.#level;
    if (this.#admit()) this.#log[this.#calm ? 'info' : this.#level](`postgres: ${line.trim()}`);
  }

  /** From now on everything is `info`: a fast shutdown tells every connection's end as FATAL, which it is not. */
  calm(): void {
    this.#calm = true;
  }

  /** The last lines, for the message of an error. */
  recent(): string {
    return this.#recent.join('\n');
  }

  /** Forgets the last lines, so that {@link recent} tells of one run only. */
  forget(): void {
    this.#recent = [];
  }

  #admit(): boolean {
    const now = performance.now();
    if (now - this.#intervalStart >= INTERVAL_MS) {
      if (this.#leftOut > 0) this.#log.warn(`postgres: ${this.#leftOut} lines were left out`);
      this.#intervalStart = now;
      this.#inInterval = 0;
      this.#leftOut = 0;
    }
    this.#inInterval += 1;
    if (this.#inInterval <= MAX_LINES_PER_INTERVAL) return true;
    this.#leftOut += 1;
    return false;
  }
}

/** The level of a line that begins a message; null for one that continues it (DETAIL, HINT, a tab). */
function levelOf(line: string): Level | null {
  const severity = SEVERITY.exec(line.slice(0, 80))?.[1];
  if (severity === undefined) return null;
  if (severity === 'FATAL' || severity === 'PANIC') return 'error';
  return severity === 'WARNING' || severity === 'ERROR' ? 'warn' : 'info';
}
