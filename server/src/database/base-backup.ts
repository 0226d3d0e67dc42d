/**
 * A base backup of a running PostgreSQL, over the replication protocol: the command BASE_BACKUP, with which `pg_basebackup` works too.
 * The server copies its own directory while it goes on writing, checks every page's checksum on the way, and ends with the log that makes the copy
 * consistent.
 *
 * See "Streaming Replication Protocol" in PostgreSQL's documentation, 15 or newer.
 */
import { Readable } from 'node:stream';
import pg from 'pg';
import { asEmbeddedError, EmbeddedError } from './embedded-error.ts';

/**
 * The slot keeps the log from being recycled until it is copied; being temporary, it is gone with the connection, however that ends. The checkpoint is not spread
 * out: that would take up to a quarter of an hour.
 */
const KEEP_LOG = 'CREATE_REPLICATION_SLOT openrun_backup_%s TEMPORARY PHYSICAL RESERVE_WAL';
const COMMAND = `BASE_BACKUP (LABEL 'openrun backup', PROGRESS true, CHECKPOINT 'fast', WAL true, MANIFEST 'no', VERIFY_CHECKSUMS true)`;
const KIBIBYTE = 1024;
/** What is read ahead of the disk that the backup is written to. */
const READ_AHEAD_BYTES = 4 * 2 ** 20;
const CONNECT_TIMEOUT_MS = 10_000;

/** Who asks and where; the user has to be one who may replicate. */
export interface BackupSource {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** A base backup that is being sent. */
export interface BaseBackup {
  /** About how much will come, without the log. */
  readonly estimatedBytes: number;
  /** The directory as a tar; fails where the server fails, even at the very end. */
  readonly archive: Readable;
  /** Where in the log the backup begins and ends; the end is known once the archive is read. */
  readonly positions: () => { readonly start: string; readonly end: string };
}

/** Has the server send a base backup, which `receive` reads to its end. */
export async function withBaseBackup<T>(source: BackupSource, receive: (backup: BaseBackup) => Promise<T>): Promise<T> {
  const config = { ...source, replication: 'true', application_name: 'openrun backup', connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const client = new pg.Client(config);
  // A connection that is lost fails the command that runs on it, which tells.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(KEEP_LOG.replace('%s', String(process.pid)));
    const command = client.query(new BaseBackupCommand());
    return await receive(await command.begun);
  } catch (error) {
    throw asEmbeddedError(error, 'the database cannot be copied');
  } finally {
    // A copy that is not read to its end would keep a polite farewell waiting.
    client.connection.stream.destroy();
  }
}

interface Row {
  readonly fields: readonly (string | null)[];
}

/** The three answers come one after another: where the log stands and the tablespaces, the copy, where the log stands by then. */
class BaseBackupCommand implements pg.Submittable {
  readonly begun: Promise<BaseBackup>;
  readonly #archive: Readable;
  readonly #rows: (readonly (string | null)[])[] = [];
  #connection: pg.Connection | null = null;
  #begin: (backup: BaseBackup) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;

  constructor() {
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#refuse = reject;
    });
    this.#archive = new Readable({ highWaterMark: READ_AHEAD_BYTES, read: () => void this.#connection?.stream.resume() });
    // Whoever reads it is told; one that nobody reads any more is no news.
    this.#archive.on('error', () => undefined);
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    connection.query(COMMAND);
  }

  handleRowDescription(): void {
    // The columns are known.
  }

  handleDataRow({ fields }: Row): void {
    this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    // Each answer ends with it; that all have come is told by the end of the command.
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const kind = String.fromCharCode(chunk[0] ?? 0);
    if (kind === 'n') this.#start();
    // The driver uses its buffer again.
    if (kind === 'd' && !this.#archive.push(Buffer.from(chunk.subarray(1)))) this.#connection?.stream.pause();
  }

  #start(): void {
    const [, ...tablespaces] = this.#rows;
    if (tablespaces.length > 1) return this.handleError(new EmbeddedError('the database has tablespaces, which a backup cannot hold'));
    this.#begin({
      estimatedBytes: Number(tablespaces[0]?.[2] ?? 0) * KIBIBYTE,
      archive: this.#archive,
      positions: () => ({ start: this.#rows[0]?.[0] ?? '', end: this.#rows[2]?.[0] ?? '' }),
    });
  }

  handleError(error: Error): void {
    this.#refuse(error);
    this.#archive.destroy(error);
  }

  handleReadyForQuery(): void {
    this.#archive.push(null);
  }
}
