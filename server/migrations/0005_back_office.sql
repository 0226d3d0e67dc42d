-- What staff did: who, when, what, to which object, and the object before and after. A row is written in the transaction of its effect and
-- never changed; it is kept for ever. `object_id` is text, because a balance is found by its user and a destination by its name.
CREATE TABLE staff_action (
  id          uuid PRIMARY KEY,
  staff_id    text NOT NULL,
  operation   text NOT NULL,
  object_kind text NOT NULL,
  object_id   text NOT NULL,
  before      jsonb,
  after       jsonb,
  created_at  timestamptz(3) NOT NULL
);
CREATE INDEX staff_action_by_staff ON staff_action (staff_id, id);
CREATE INDEX staff_action_by_object ON staff_action (object_kind, object_id, id);

-- When an unpaid order was cancelled, or swept after its time. Null for the orders that ended before this column was there.
ALTER TABLE orders ADD COLUMN ended_at timestamptz(3);

-- By which staff find an account: its id as everything else writes it, and its name. The email address has an index already.
CREATE INDEX account_user_by_user_id ON account_user ((id::text));
CREATE INDEX account_user_by_name ON account_user (lower(name));
