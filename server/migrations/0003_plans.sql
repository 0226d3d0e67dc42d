-- Two partial indexes with one condition could stand in for each other, and with statistics that are some seconds old the planner took
-- the wrong one: counting a user's unpaid orders read all unpaid orders of the shop. Now each serves one query only.
DROP INDEX orders_pending;
CREATE INDEX orders_due ON orders (expires_at) WHERE status = 'pending' AND expires_at > '-infinity';
