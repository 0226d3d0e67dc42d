-- Destinations, chosen by staff at run time; the environment makes the first. A name is never given up, so deliveries keep it.
CREATE TABLE destination (
  name                  text PRIMARY KEY,
  kind                  text NOT NULL CHECK (kind IN ('log', 'webhook', 'nats')),
  origin                text NOT NULL CHECK (origin IN ('environment', 'staff')),
  url                   text,
  -- Webhooks only: `whsec_…`. While `previous_secret` is valid, deliveries are signed with both.
  secret                text,
  previous_secret       text,
  previous_secret_until timestamptz(3),
  event_types           text[] NOT NULL,
  enabled               boolean NOT NULL,
  disabled_reason       text,
  created_at            timestamptz(3) NOT NULL,
  updated_at            timestamptz(3) NOT NULL,
  CHECK ((kind = 'log') = (url IS NULL)),
  CHECK ((kind = 'webhook') = (secret IS NOT NULL)),
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL)),
  CHECK (enabled = (disabled_reason IS NULL))
);

-- Events of other things than orders have neither order nor sequence. All events so far are `order.paid`, the second of their order; a
-- default that is taken away again gives it to them without writing the table anew.
ALTER TABLE outbox_event
  ALTER COLUMN user_id DROP NOT NULL,
  ALTER COLUMN order_id DROP NOT NULL,
  ADD COLUMN sequence integer DEFAULT 2,
  ADD COLUMN subject text;
ALTER TABLE outbox_event ALTER COLUMN sequence DROP DEFAULT;

-- `claims` counts how often a relay took the delivery: it is the fencing token of a claim, and the number of its attempt.
ALTER TABLE delivery
  ADD COLUMN order_id uuid,
  ADD COLUMN sequence integer DEFAULT 2,
  ADD COLUMN claims integer NOT NULL DEFAULT 0,
  ADD COLUMN leased_until timestamptz(3);
ALTER TABLE delivery ALTER COLUMN sequence DROP DEFAULT;
UPDATE delivery AS d SET order_id = e.order_id, claims = d.attempts FROM outbox_event AS e WHERE e.id = d.event_id AND d.status = 'pending';

-- A lease changes no column of an index, so that taking a delivery rewrites none of them.
DROP INDEX delivery_due;
DROP INDEX delivery_by_status;
CREATE INDEX delivery_due ON delivery (destination, next_attempt_at, id) WHERE status = 'pending';
CREATE INDEX delivery_of_order ON delivery (order_id, destination, sequence) WHERE status = 'pending';
CREATE INDEX delivery_failed ON delivery (destination, id) WHERE status = 'failed';

CREATE TABLE delivery_attempt (
  delivery_id uuid NOT NULL,
  claim       integer NOT NULL,
  started_at  timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL,
  outcome     text NOT NULL CHECK (outcome IN ('delivered', 'failed')),
  -- What the other side answered: the status of HTTP, and the beginning of the body or of the error.
  status_code integer,
  answer      text,
  PRIMARY KEY (delivery_id, claim)
);

-- Events older than this may have been deleted.
CREATE TABLE outbox_horizon (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  forgotten_before timestamptz(3) NOT NULL
);
INSERT INTO outbox_horizon (forgotten_before) VALUES ('-infinity');

-- Refunds of a payment so far; they number the events of its order.
ALTER TABLE payment ADD COLUMN refunds integer NOT NULL DEFAULT 0;
UPDATE payment AS p SET refunds = r.refunds
  FROM (SELECT user_id, payment_id, count(*) AS refunds FROM refund GROUP BY user_id, payment_id) AS r
 WHERE p.user_id = r.user_id AND p.id = r.payment_id;
