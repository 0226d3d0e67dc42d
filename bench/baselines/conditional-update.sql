-- The cleverest single statement: count up if there is some left, and insert from what that gives.
\set n random(1, 1000000000000)
WITH taken AS (
  UPDATE coupon SET issued = issued + 1 WHERE id = :coupon AND issued < quantity
  RETURNING id, issued, name, discount, min_order_amount, expires_at),
granted AS (
  INSERT INTO user_coupon (user_id, id, coupon_id, sequence, name, discount, min_order_amount, expires_at, status, issued_at)
  SELECT 'u' || :n || '-' || :client_id, gen_random_uuid(), id, issued, name, discount, min_order_amount, expires_at, 'issued', now() FROM taken)
INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
SELECT 'u' || :n || '-' || :client_id, 'POST /coupons/couponId/issue', gen_random_uuid(), 'hash', 201, '{}', gen_random_uuid(), now() FROM taken;
