-- What a shop writes by hand: lock the coupon's row, look, insert, count up. One transaction a claim.
\set n random(1, 1000000000000)
BEGIN;
SELECT issued, quantity FROM coupon WHERE id = :coupon FOR UPDATE;
INSERT INTO user_coupon (user_id, id, coupon_id, sequence, name, discount, min_order_amount, expires_at, status, issued_at)
  SELECT 'u' || :n || '-' || :client_id, gen_random_uuid(), id, issued + 1, name, discount, min_order_amount, expires_at, 'issued', now()
    FROM coupon WHERE id = :coupon;
UPDATE coupon SET issued = issued + 1 WHERE id = :coupon;
INSERT INTO idempotency_key (user_id, operation, key, request_hash, status, body, batch_id, created_at)
  VALUES ('u' || :n || '-' || :client_id, 'POST /coupons/couponId/issue', gen_random_uuid(), 'hash', 201, '{}', gen_random_uuid(), now());
COMMIT;
