-- The tables of the seven flows. Conventions:
--   * a table that a user owns has user_id first in its primary key, and every unique constraint on it contains user_id;
--   * money is bigint minor units, 0 … 2^53 − 1; times are timestamptz in whole milliseconds;
--   * hot rows leave room on their page (fillfactor), so that updates that touch no index stay on it (HOT).

CREATE DOMAIN money_amount AS bigint CHECK (VALUE BETWEEN 0 AND 9007199254740991);

-- product ---------------------------------------------------------------------------------------------------

CREATE TABLE product (
  id          uuid PRIMARY KEY,
  name        text NOT NULL,
  description text NOT NULL,
  status      text NOT NULL CHECK (status IN ('active', 'hidden')),
  -- The name folded for search and for sorting (Unicode NFC, lower case).
  name_folded text NOT NULL,
  -- The lowest price of the options that are not hidden; null where there is none.
  list_price  bigint,
  created_at  timestamptz(3) NOT NULL,
  updated_at  timestamptz(3) NOT NULL
);
CREATE INDEX product_by_name ON product (name_folded COLLATE "C", id);
CREATE INDEX product_by_price_ascending ON product (coalesce(list_price, 9007199254740991), id);
CREATE INDEX product_by_price_descending ON product (coalesce(list_price, -1) DESC, id DESC);

CREATE TABLE product_option (
  id            uuid PRIMARY KEY,
  product_id    uuid NOT NULL REFERENCES product,
  sku           text NOT NULL UNIQUE,
  name          text NOT NULL,
  price         money_amount NOT NULL,
  status        text NOT NULL CHECK (status IN ('active', 'hidden')),
  max_per_user  integer CHECK (max_per_user > 0),
  -- SKU and name folded for search (Unicode NFC, lower case), a line each.
  search_folded text NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  updated_at    timestamptz(3) NOT NULL
);
CREATE INDEX product_option_by_product ON product_option (product_id, id);

CREATE TABLE stock (
  option_id uuid PRIMARY KEY REFERENCES product_option,
  on_hand   bigint NOT NULL,
  reserved  bigint NOT NULL,
  CHECK (reserved BETWEEN 0 AND on_hand)
) WITH (fillfactor = 50);

CREATE TABLE stock_adjustment (
  option_id     uuid NOT NULL REFERENCES product_option,
  id            uuid NOT NULL,
  delta         bigint NOT NULL CHECK (delta <> 0),
  on_hand_after bigint NOT NULL CHECK (on_hand_after >= 0),
  reason        text NOT NULL,
  staff_id      text NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (option_id, id)
);

-- balance ---------------------------------------------------------------------------------------------------

CREATE TABLE balance (
  user_id text PRIMARY KEY,
  amount  bigint NOT NULL CHECK (amount >= 0),
  version bigint NOT NULL CHECK (version >= 0)
) WITH (fillfactor = 70);

-- Append-only; version counts 1, 2, 3 … for each user, without gaps.
CREATE TABLE balance_entry (
  user_id       text NOT NULL,
  version       bigint NOT NULL CHECK (version > 0),
  id            uuid NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('charge', 'payment', 'refund')),
  delta         bigint NOT NULL,
  balance_after bigint NOT NULL CHECK (balance_after >= 0),
  -- Of a charge: the caller's reference; of a payment: the order's id; of a refund: the payment's id.
  reference     text,
  created_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, version)
);
CREATE UNIQUE INDEX balance_entry_charge_reference ON balance_entry (user_id, reference)
  WHERE kind = 'charge' AND reference IS NOT NULL;

-- coupon ----------------------------------------------------------------------------------------------------

CREATE TABLE coupon (
  id               uuid PRIMARY KEY,
  name             text NOT NULL,
  discount         jsonb NOT NULL,
  min_order_amount money_amount NOT NULL,
  quantity         bigint NOT NULL,
  issued           bigint NOT NULL CHECK (issued >= 0),
  starts_at        timestamptz(3) NOT NULL,
  expires_at       timestamptz(3) NOT NULL,
  created_at       timestamptz(3) NOT NULL,
  CHECK (issued <= quantity)
) WITH (fillfactor = 50);

CREATE TABLE user_coupon (
  user_id          text NOT NULL,
  id               uuid NOT NULL,
  coupon_id        uuid NOT NULL,
  sequence         bigint NOT NULL CHECK (sequence > 0),
  -- The coupon's terms when it was issued.
  name             text NOT NULL,
  discount         jsonb NOT NULL,
  min_order_amount money_amount NOT NULL,
  expires_at       timestamptz(3) NOT NULL,
  status           text NOT NULL CHECK (status IN ('issued', 'held', 'used')),
  order_id         uuid,
  issued_at        timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, coupon_id),
  CHECK ((status = 'issued') = (order_id IS NULL))
) WITH (fillfactor = 90);

-- order -----------------------------------------------------------------------------------------------------

-- One row for each user who ever ordered; locking it lines up the user's own orders, so that limits over all of them hold.
CREATE TABLE order_customer (
  user_id text PRIMARY KEY
) WITH (fillfactor = 70);

CREATE TABLE orders (
  user_id        text NOT NULL,
  id             uuid NOT NULL,
  status         text NOT NULL CHECK (status IN ('pending', 'paid', 'cancelled', 'expired', 'partiallyRefunded', 'refunded')),
  subtotal       money_amount NOT NULL,
  discount       money_amount NOT NULL,
  total          money_amount NOT NULL,
  user_coupon_id uuid,
  payment_id     uuid,
  created_at     timestamptz(3) NOT NULL,
  expires_at     timestamptz(3) NOT NULL,
  paid_at        timestamptz(3),
  PRIMARY KEY (user_id, id),
  CHECK (total = subtotal - discount),
  CHECK ((payment_id IS NOT NULL) = (status IN ('paid', 'partiallyRefunded', 'refunded'))),
  CHECK ((payment_id IS NULL) = (paid_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX orders_by_id ON orders (id);
CREATE INDEX orders_pending ON orders (expires_at) WHERE status = 'pending';
CREATE INDEX orders_pending_by_user ON orders (user_id) WHERE status = 'pending';

CREATE TABLE order_line (
  user_id           text NOT NULL,
  order_id          uuid NOT NULL,
  line              smallint NOT NULL,
  option_id         uuid NOT NULL,
  product_id        uuid NOT NULL,
  -- Frozen when the order was placed.
  sku               text NOT NULL,
  name              text NOT NULL,
  unit_price        money_amount NOT NULL,
  quantity          integer NOT NULL CHECK (quantity > 0),
  refunded_quantity integer NOT NULL DEFAULT 0,
  restocked_quantity integer NOT NULL DEFAULT 0,
  -- Of an order that was cancelled or has expired: its units count for nobody.
  released          boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, order_id, line),
  CHECK (refunded_quantity BETWEEN 0 AND quantity),
  CHECK (restocked_quantity BETWEEN 0 AND refunded_quantity)
) WITH (fillfactor = 95);
-- Only lines that count, so that what a user cancelled costs nothing when the limit per user is checked.
CREATE INDEX order_line_counting ON order_line (user_id, option_id) WHERE NOT released;

-- payment ---------------------------------------------------------------------------------------------------

CREATE TABLE payment (
  user_id       text NOT NULL,
  id            uuid NOT NULL,
  order_id      uuid NOT NULL,
  subtotal      money_amount NOT NULL,
  discount      money_amount NOT NULL,
  amount        money_amount NOT NULL,
  refunded      money_amount NOT NULL DEFAULT 0,
  balance_after money_amount NOT NULL,
  paid_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, order_id),
  CHECK (amount = subtotal - discount),
  CHECK (refunded <= amount)
) WITH (fillfactor = 95);
CREATE INDEX payment_by_id ON payment (id);
CREATE INDEX payment_by_time ON payment (paid_at);

CREATE TABLE refund (
  user_id       text NOT NULL,
  payment_id    uuid NOT NULL,
  id            uuid NOT NULL,
  order_id      uuid NOT NULL,
  amount        money_amount NOT NULL,
  lines         jsonb NOT NULL,
  restocked     boolean NOT NULL,
  balance_after bigint NOT NULL CHECK (balance_after >= 0),
  reason        text NOT NULL,
  staff_id      text NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, payment_id, id)
);

-- delivery --------------------------------------------------------------------------------------------------

CREATE TABLE outbox_event (
  id         uuid PRIMARY KEY,
  type       text NOT NULL,
  user_id    text NOT NULL,
  order_id   uuid NOT NULL,
  payload    jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL
);

CREATE TABLE delivery (
  id              uuid PRIMARY KEY,
  event_id        uuid NOT NULL,
  type            text NOT NULL,
  destination     text NOT NULL,
  status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts        integer NOT NULL,
  last_error      text,
  created_at      timestamptz(3) NOT NULL,
  next_attempt_at timestamptz(3)
) WITH (fillfactor = 80);
CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE status = 'pending';
CREATE INDEX delivery_by_status ON delivery (status, id);

-- ranking and schedule --------------------------------------------------------------------------------------

CREATE TABLE ranking (
  id          uuid PRIMARY KEY,
  as_of       timestamptz(3) NOT NULL,
  window_from timestamptz(3) NOT NULL,
  window_to   timestamptz(3) NOT NULL,
  items       jsonb NOT NULL
);

CREATE TABLE schedule_run (
  name text NOT NULL,
  at   timestamptz(3) NOT NULL,
  PRIMARY KEY (name, at)
);

-- commit ----------------------------------------------------------------------------------------------------

-- An effect's key and its answer, in the transaction of the effect. By the batch that wrote it a row also tells the outcome
-- of a lost COMMIT; a batch without keys leaves a marker, a row with an empty user_id.
CREATE TABLE idempotency_key (
  user_id      text NOT NULL,
  operation    text NOT NULL,
  key          text NOT NULL,
  request_hash text NOT NULL,
  status       smallint NOT NULL,
  body         text NOT NULL,
  batch_id     uuid NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_key_by_time ON idempotency_key USING brin (created_at) WITH (pages_per_range = 16);
