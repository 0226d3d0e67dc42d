-- The events of one batch as its transaction leaves them: one row however many they are. The relay makes `outbox_event` and `delivery` of them.
-- A later transaction that could see the effects of an earlier one has the higher position.
CREATE TABLE outbox_batch (
  position     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at   timestamptz(3) NOT NULL,
  events       integer NOT NULL CHECK (events > 0),
  -- How many deliveries to which destination are in it.
  destinations text[] NOT NULL,
  deliveries   integer[] NOT NULL,
  -- A JSON array of events, each with its deliveries; as text, because nobody asks the database for a part of it.
  content      text NOT NULL,
  CHECK (cardinality(destinations) = cardinality(deliveries))
);
-- It lives for milliseconds: to compress it takes longer than to write it.
ALTER TABLE outbox_batch ALTER COLUMN content SET STORAGE EXTERNAL;
