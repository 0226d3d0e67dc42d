/** The words of the doctor: what it looks at, and what it says of it. */

/** `warning`: it works, and should be looked at; `problem`: it does not work, or may lose what was acknowledged. */
export type Level = 'ok' | 'warning' | 'problem';

/** What was found of one check; one with several troubles has a finding each. */
export interface Finding {
  /** The check's name, which stays the same between versions. */
  readonly check: string;
  readonly level: Level;
  readonly message: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
}

/** What PostgreSQL says of itself and of this session. */
export interface DatabaseState {
  /** As `server_version_num` has it: 180001 is 18.1. */
  readonly version: number;
  readonly isInRecovery: boolean;
  /** Settings in force in a session of the server, in their base units, by name; one that this version does not have is absent. */
  readonly settings: ReadonlyMap<string, string>;
  /** Connections of clients, by whether they are of an Openrun. */
  readonly connections: { readonly own: number; readonly others: number };
  /** Of the user, and of the database; null where there is none. */
  readonly connectionLimit: number | null;
  /** The user's tables that it may not read and write. */
  readonly unwritableTables: readonly string[];
}

/** How this process's connections to the database are kept from others. */
export interface EncryptionState {
  readonly isEncrypted: boolean;
  /** Of TLS, such as `TLSv1.3`; null where there is none. */
  readonly protocol: string | null;
  readonly cipher: string | null;
  /** Over a socket of this machine or loopback, as the database sees it. */
  readonly isLocal: boolean;
}

/** The difference between the clock of the database and that of this process. */
export interface ClockDifference {
  /** Positive where the database is ahead. */
  readonly differenceMs: number;
  /** The difference is known to this. */
  readonly uncertaintyMs: number;
}

/** The free space of a file system. */
export interface FreeSpace {
  readonly directory: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What the transactions left and no relay has made deliveries of. */
export interface OutboxState {
  readonly events: number;
  readonly oldestSeconds: number;
}

/** Rows of a table that retention should have deleted; counted up to a bound. */
export interface Overdue {
  readonly table: string;
  readonly rows: number;
}
