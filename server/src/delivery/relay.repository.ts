/** SQL of the relay: claims deliveries with their events, writes what came of them as attempts (`delivery_attempt`), and counts what waits. */
import { type Executor, statement } from '../database/database.ts';
import type { Backlog } from './delivery.types.ts';
import type { EventType } from './event.types.ts';

/** A delivery that a relay has taken, with the event it delivers. */
export interface Claim {
  readonly id: string;
  /** The fencing token: who has an older one has lost the delivery to another relay. */
  readonly claim: number;
  /** Attempts, this one included. */
  readonly attempts: number;
  readonly eventId: string;
  readonly type: EventType;
  readonly subject: string;
  readonly orderId: string | null;
  readonly sequence: number | null;
  readonly payload: object;
  readonly createdAt: Date;
  /** By the clock of the database, as all else that is told of orders and events; the attempt begins right then. */
  readonly claimedAt: Date;
  /** W3C, of the request that caused the event; null where its trace is not kept. */
  readonly traceparent: string | null;
}

interface ClaimRow extends Claim {
  readonly blocked: boolean;
}

/**
 * Takes due deliveries. One that has an earlier delivery of its order before it is put off until that one is due, or for half a second where
 * that one is under way, and is not taken: so what waits stands in nobody's way, and a stuck order costs one look an attempt. A lease that ran
 * out counts as none.
 *
 * Of several earlier ones the latest counts, as all of them have to be over before it is taken: whoever came back sooner would only be put off
 * again, and where they are over sooner, it is brought back by the last of them. That it was due by itself when it was put off is kept as a lease
 * that ended before all time: its own time is lost with it.
 */
const claimStatement = statement<ClaimRow>(
  'relay.claim',
  `WITH due AS MATERIALIZED (
     SELECT d.id, earlier.until AS blocked_until
       FROM delivery AS d
       LEFT JOIN LATERAL (
         SELECT max(CASE WHEN e.leased_until > statement_timestamp() + $4 * interval '1 millisecond'
                         THEN statement_timestamp() + ($4 + 500) * interval '1 millisecond' ELSE e.next_attempt_at END) AS until
           FROM delivery AS e
          WHERE e.order_id = d.order_id AND e.destination = d.destination AND e.sequence < d.sequence AND e.status = 'pending') AS earlier ON true
      WHERE d.destination = $1 AND d.status = 'pending'
        AND d.next_attempt_at <= statement_timestamp() + $4 * interval '1 millisecond'
        AND (d.leased_until IS NULL OR d.leased_until <= statement_timestamp() + $4 * interval '1 millisecond')
      ORDER BY d.next_attempt_at, d.id LIMIT $2 FOR UPDATE OF d SKIP LOCKED),
   taken AS (
     UPDATE delivery AS d
        SET leased_until = CASE WHEN due.blocked_until IS NULL THEN statement_timestamp() + ($4 + $3) * interval '1 millisecond' ELSE '-infinity' END,
            claims = d.claims + (due.blocked_until IS NULL)::integer,
            attempts = d.attempts + (due.blocked_until IS NULL)::integer,
            next_attempt_at = greatest(d.next_attempt_at, due.blocked_until)
       FROM due WHERE d.id = due.id
     RETURNING d.id, d.event_id, d.claims, d.attempts, due.blocked_until IS NOT NULL AS blocked)
   SELECT t.id, t.claims AS claim, t.attempts, t.blocked, t.event_id AS "eventId", e.type, coalesce(e.subject, e.order_id::text) AS subject,
          e.order_id AS "orderId", e.sequence, e.payload, e.created_at AS "createdAt", e.traceparent,
          clock_timestamp() + $4 * interval '1 millisecond' AS "claimedAt"
     FROM taken AS t JOIN outbox_event AS e ON e.id = t.event_id
    ORDER BY t.event_id`,
);

/** Takes at most `limit` due deliveries of a destination for `leaseMs`. `isMore`: as many were due as were asked for. */
export async function claimDue(
  db: Executor,
  destination: string,
  { limit, leaseMs, clockOffsetMs }: { readonly limit: number; readonly leaseMs: number; readonly clockOffsetMs: number },
): Promise<{ readonly claims: readonly Claim[]; readonly isMore: boolean }> {
  const rows = await db.query(claimStatement, [destination, limit, leaseMs, clockOffsetMs]);
  return { claims: rows.filter((row) => !row.blocked), isMore: rows.length === limit };
}

/** How an attempt ended. */
export interface AttemptResult {
  readonly claim: Claim;
  readonly outcome: 'delivered' | 'failed';
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly answer: string | null;
  /** Why it failed. */
  readonly error: string | null;
  /** Until the next attempt; null where there is none. */
  readonly retryInMs: number | null;
}

/**
 * What was put off for an earlier delivery of its order is due as soon as that one is over, unless somebody holds it; what waits for its own next
 * attempt, because it was sent before the earlier one was replayed, waits on. The next of an order is written even where it is due already: a claim
 * may be about to put it off at this moment, and is waited for.
 */
const settleStatement = statement(
  'relay.settle',
  `WITH result AS MATERIALIZED (
     SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::double precision[], $5::timestamptz[], $6::integer[], $7::integer[],
                          $8::text[], $9::text[])
       AS r (id, claim, outcome, retry_ms, started_at, duration_ms, status_code, answer, error)),
   settled AS (
     UPDATE delivery AS d
        SET status = CASE WHEN r.outcome = 'delivered' THEN 'delivered' WHEN r.retry_ms IS NULL THEN 'failed' ELSE 'pending' END,
            last_error = r.error,
            next_attempt_at = CASE WHEN r.outcome = 'failed' THEN statement_timestamp() + ($10 + r.retry_ms) * interval '1 millisecond' END,
            leased_until = NULL
       FROM result AS r WHERE d.id = r.id AND d.claims = r.claim AND d.status = 'pending'
     RETURNING d.order_id, d.destination, d.sequence, d.status),
   freed AS (
     UPDATE delivery AS d SET next_attempt_at = least(d.next_attempt_at, statement_timestamp() + $10 * interval '1 millisecond')
       FROM settled AS s
      WHERE s.status <> 'pending' AND d.order_id = s.order_id AND d.destination = s.destination AND d.sequence > s.sequence
        AND d.status = 'pending' AND (d.attempts = 0 OR d.leased_until = '-infinity' OR d.next_attempt_at <= statement_timestamp() + $10 * interval '1 millisecond')
        AND (d.leased_until IS NULL OR d.leased_until <= statement_timestamp() + $10 * interval '1 millisecond')
        AND d.id <> ALL ($1::uuid[]))
   INSERT INTO delivery_attempt (delivery_id, claim, started_at, duration_ms, outcome, status_code, answer)
   SELECT id, claim, started_at, duration_ms, outcome, status_code, coalesce(answer, error) FROM result
   ON CONFLICT DO NOTHING`,
);

/** Writes what came of attempts; a delivery that another relay has taken meanwhile, or that was replayed, is left to that one. */
export async function settleAttempts(db: Executor, results: readonly AttemptResult[], clockOffsetMs: number): Promise<void> {
  if (results.length === 0) return;
  await db.query(settleStatement, [
    results.map((r) => r.claim.id),
    results.map((r) => r.claim.claim),
    results.map((r) => r.outcome),
    results.map((r) => r.retryInMs),
    results.map((r) => r.claim.claimedAt),
    results.map((r) => r.durationMs),
    results.map((r) => r.statusCode),
    results.map((r) => r.answer),
    results.map((r) => r.error),
    clockOffsetMs,
  ]);
}

const releaseStatement = statement(
  'relay.release',
  `UPDATE delivery AS d SET leased_until = NULL, attempts = d.attempts - 1
     FROM unnest($1::uuid[], $2::integer[]) AS given (id, claim)
    WHERE d.id = given.id AND d.claims = given.claim AND d.status = 'pending'`,
);

/** Gives claims back that were not begun. */
export async function releaseClaims(db: Executor, claims: readonly Claim[]): Promise<void> {
  if (claims.length > 0) await db.query(releaseStatement, [claims.map((c) => c.id), claims.map((c) => c.claim)]);
}

// What staff or the settings turned off is late for nobody; one that turned itself off lags until somebody has decided about it.
const backlogStatement = statement<Backlog>(
  'relay.backlog',
  `SELECT t.name AS destination, coalesce(p.pending, 0) + coalesce(b.pending, 0) AS pending, coalesce(f.failed, 0) AS failed,
          CASE WHEN t.enabled OR t.disabled_reason = 'gone'
               THEN coalesce(greatest(extract(epoch FROM statement_timestamp() - least(p.oldest, b.oldest))::double precision + $1 / 1000.0, 0), 0)
               ELSE 0 END AS "lagSeconds"
     FROM destination AS t
     LEFT JOIN (SELECT left_for.destination, sum(left_for.deliveries) AS pending, min(created_at) AS oldest
                  FROM outbox_batch AS b CROSS JOIN LATERAL unnest(b.destinations, b.deliveries) AS left_for (destination, deliveries)
                 GROUP BY left_for.destination) AS b ON b.destination = t.name
     LEFT JOIN (SELECT destination, count(*) AS pending, min(created_at) AS oldest FROM delivery WHERE status = 'pending' GROUP BY destination) AS p
       ON p.destination = t.name
     LEFT JOIN (SELECT destination, count(*) AS failed FROM delivery WHERE status = 'failed' GROUP BY destination) AS f ON f.destination = t.name`,
);

export async function readBacklog(db: Executor, clockOffsetMs: number): Promise<Backlog[]> {
  return db.query(backlogStatement, [clockOffsetMs]);
}
