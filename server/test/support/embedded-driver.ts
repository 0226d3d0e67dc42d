/**
 * A process that runs the embedded database, for tests that kill it:
 *
 *     node embedded-driver.ts <DATA_DIR> run|load|find
 *
 * `run` starts the database and keeps it until SIGTERM; `load` also inserts numbers into the table `ledger`, one
 * transaction each over several connections; `find` looks for a running one and ends. What happens is told on
 * stdout, one JSON object per line ({@link DriverEvent}); a number is told only after its COMMIT was answered.
 */
import pg from 'pg';
import { type EmbeddedConnection, EmbeddedError, findRunning, startEmbedded } from '../../src/database/embedded.ts';

/** One line of the driver. */
export interface DriverEvent {
  readonly event: 'ready' | 'failed' | 'log' | 'acknowledged' | 'gaveUp' | 'stopped' | 'found';
  readonly message?: string;
  readonly number?: number;
  readonly directory?: string;
  readonly connection?: EmbeddedConnection;
}

const LOAD_CONNECTIONS = 4;

function tell(event: DriverEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function load(connection: EmbeddedConnection): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: LOAD_CONNECTIONS });
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE IF NOT EXISTS ledger (number bigint PRIMARY KEY, filler text NOT NULL)');
  const { rows } = await pool.query<{ next: string }>('SELECT coalesce(max(number), 0) + 1 AS next FROM ledger');
  let next = Number(rows[0]?.next);
  const insert = async (): Promise<never> => {
    for (;;) {
      const number = next;
      next += 1;
      await pool.query(`INSERT INTO ledger VALUES ($1, repeat('x', 500))`, [number]);
      tell({ event: 'acknowledged', number });
    }
  };
  await Promise.all(Array.from({ length: LOAD_CONNECTIONS }, insert));
}

async function run(dataDir: string, withLoad: boolean): Promise<void> {
  const log = (level: string) => (message: string) => tell({ event: 'log', message: `${level} ${message}` });
  const database = await startEmbedded({
    dataDir,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    onGaveUp: (error) => tell({ event: 'gaveUp', message: error.message }),
  });
  // A server that handles Ctrl-C itself: the terminal sends it to the whole process group.
  process.on('SIGINT', () => undefined);
  const serving = setInterval(() => undefined, 60_000);
  const stop = async (): Promise<void> => {
    await Promise.all([database.stop(), database.stop()]);
    clearInterval(serving);
    tell({ event: 'stopped' });
  };
  process.once('SIGTERM', () => void stop());
  tell({ event: 'ready', connection: database.connection, directory: database.directory });
  if (withLoad) await load(database.connection);
}

async function find(dataDir: string): Promise<void> {
  const connection = await findRunning(dataDir);
  tell({ event: 'found', ...(connection === null ? {} : { connection }) });
}

const [, , dataDir = '', mode = ''] = process.argv;
try {
  await (mode === 'find' ? find(dataDir) : run(dataDir, mode === 'load'));
} catch (error) {
  tell({ event: 'failed', message: error instanceof EmbeddedError ? error.message : `not an EmbeddedError: ${String(error)}` });
  process.exitCode = 1;
}
