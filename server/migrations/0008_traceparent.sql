-- The W3C `traceparent` of the request that caused the event, so that its deliveries go on with that trace; null where the trace is not kept.
ALTER TABLE outbox_event ADD COLUMN traceparent text;
