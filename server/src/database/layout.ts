/**
 * How the tables lie in a database: whole in one PostgreSQL, or spread over the shards of a Citus cluster (`openrun migrate --distribute`). The
 * one place that finds out; a statement that Citus does not run as it stands has a second text (`statement`), and nothing else depends on it.
 */
import type pg from 'pg';

export type Layout = 'whole' | 'sharded';

const HAS_CITUS = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS yes";
const IS_DISTRIBUTED = "SELECT EXISTS (SELECT FROM citus_tables WHERE citus_table_type = 'distributed') AS yes";

/** Gives the layout of the pool's database; the first who asks has it looked up. */
export function learnLayout(pool: pg.Pool): () => Promise<Layout> {
  const says = async (sql: string): Promise<boolean> => (await pool.query<{ yes: boolean }>(sql)).rows[0]?.yes === true;
  const ask = async (): Promise<Layout> => ((await says(HAS_CITUS)) && (await says(IS_DISTRIBUTED)) ? 'sharded' : 'whole');
  let asked: Promise<Layout> | null = null;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
}
