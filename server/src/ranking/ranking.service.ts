/**
 * Use cases of the ranking flow: the batch that computes it, and the copy in memory that every process answers from
 * (상위 5개 상품 캐싱 처리), so that reading it never touches the orders.
 */
import type { Answer, WriteKey } from '../commit/commit.types.ts';
import type { CommitEngine } from '../commit/engine.ts';
import type { Database } from '../database/database.ts';
import type { News } from '../database/news.ts';
import type { Outbox } from '../delivery/outbox.service.ts';
import { present } from '../kernel/assert.ts';
import type { Refusal } from '../kernel/errors.ts';
import { actionBy } from '../staff/staff.service.ts';
import { rankingUpdatedEvent } from './ranking.events.ts';
import { findHidden, findLatest, insertRanking, report } from './ranking.repository.ts';
import { presentRanking } from './ranking.schemas.ts';
import type { Ranking } from './ranking.types.ts';

type WireRanking = ReturnType<typeof presentRanking>;

export interface RankingService {
  /** The latest ranking, from memory; at most one second behind other processes. The same object until it changes. */
  current(): WireRanking;
  /** Computes the ranking now and stores it; `staffId` null: by the clock. */
  refresh(staffId: string | null, key: WriteKey | null): Promise<Answer | Refusal>;
  /** Reads the latest ranking into memory; called at start and by the scheduler. Gives whether there is one. */
  reload(): Promise<boolean>;
}

interface RefreshCommand {
  readonly staffId: string | null;
}

interface RefreshState {
  readonly computed: Omit<Ranking, 'id'>;
  /** Of the ranking that the batch makes; all its commands make one. */
  id: string | null;
}

const CANDIDATES = 20;
const NONE_HIDDEN: ReadonlySet<string> = new Set();

export function createRankingService(deps: {
  readonly database: Database;
  readonly commit: CommitEngine;
  readonly outbox: Outbox;
  readonly news: News;
  /** Hears where the ranking could not be read back after it was stored; the scheduler does so soon. */
  readonly onStale: (error: unknown) => void;
}): RankingService {
  const { database, commit, outbox, news, onStale } = deps;
  let shown: WireRanking | null = null;
  /** What `shown` was made of, and by which reload. */
  let shownOf = { content: '', reload: 0 };
  let reloads = 0;
  const queue = commit.queue<RefreshCommand, RefreshState>({
    name: 'ranking',
    lock: async (tx, _commands, { clockOffsetMs }) => ({ computed: await report(tx, clockOffsetMs, CANDIDATES), id: null }),
    decide: (state, { staffId }, { newId }) => {
      const body = presentRanking(state.computed, NONE_HIDDEN);
      state.id ??= newId();
      return { status: 200, body, actions: actionBy(staffId, 'ranking.refresh', { objectId: state.id, before: null, after: body }) };
    },
    save: (writes, { computed, id }, context) => {
      const ranking = { ...computed, id: present(id, 'the id of the ranking') };
      insertRanking(writes, ranking);
      if (!outbox.wants('ranking.updated')) return;
      outbox.record(writes, [rankingUpdatedEvent(presentRanking(computed, NONE_HIDDEN), ranking.id, context.newId())], context);
    },
    ended: (_state, ending) => {
      if (ending === 'unchanged') return;
      outbox.wake(['ranking.updated']);
      news.tell('ranking', []);
    },
  });
  const reload = async (): Promise<boolean> => {
    reloads += 1;
    const own = reloads;
    const latest = await findLatest(database);
    if (latest === null) return false;
    const hidden = await findHidden(
      database,
      latest.items.map((item) => item.productId),
    );
    // A reload that began before the one that is shown may have read what is older.
    if (own < shownOf.reload) return true;
    const content = [latest.id, ...[...hidden].toSorted()].join(' ');
    if (content !== shownOf.content) shown = presentRanking(latest, hidden);
    shownOf = { content, reload: own };
    return true;
  };
  news.onNews('ranking', () => void reload().catch(onStale));
  // A product that is hidden is not shown in the ranking either.
  news.onNews('products', () => void reload().catch(onStale));
  return {
    current: () => present(shown, 'a ranking, which the start of the server makes sure of'),
    refresh: async (staffId, key) => {
      const answer = await queue.submit({ staffId }, key);
      // What is committed is answered as it is, whether it can be read back or not.
      await reload().catch(onStale);
      return answer;
    },
    reload,
  };
}
