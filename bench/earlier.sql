-- A million bookings of the past weeks, in the 500 ordinary sessions: the same rows that a booking writes, in bulk.
SET synchronous_commit = off;
CREATE TEMPORARY TABLE earlier AS
SELECT gen_random_uuid() AS id, uuidv7() AS hold_id, now() - (n || ' seconds')::interval AS at, purse.*, place.*
FROM generate_series(0, :bookings - 1) AS n
JOIN (
    SELECT row_number() OVER (ORDER BY id) - 1 AS purse_no, id AS purse_id, held_account_id, wallet_id FROM credits.purse
) AS purse ON purse_no = n % 4000
JOIN (
    SELECT row_number() OVER (ORDER BY id) - 1 AS place_no, id AS session_id, pool_ids FROM reservations.session
    WHERE id <> :'hot_session' AND id <> :'sold_out_session'
) AS place ON place_no = n % 500;

INSERT INTO uit.directory (kind, key, region_id, owner) SELECT 'booking', id, 1, wallet_id FROM earlier;
INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)
SELECT 1, id, '\x00', 'api', 'client', 'meting', at FROM earlier;
INSERT INTO reservations.line (region_id, booking_id, no, session_id, tariff_code, rank, holder_id, wallet_id, seller_id, places,
    price_cents, credit_cents, vat_code, pool_ids)
SELECT 1, id, 1, session_id, 'base', 0, wallet_id, wallet_id, '00000000-0000-7000-8000-000000000001', 1, 100, 100, 'exempt-44-2-9', pool_ids
FROM earlier;
INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
SELECT 1, id, 1, 1, session_id, 'confirmed' FROM earlier;
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, payee_id)
SELECT 1, hold_id, 'hold', purse_id, held_account_id, 100, at, purse_id, id, 1, '00000000-0000-7000-8000-000000000001' FROM earlier;
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at, delivered_at)
SELECT 1, uuidv7(), 'booking.made', id, '{}', at, at, at FROM earlier;

UPDATE credits.purse AS p SET available_cents = available_cents - s.cents, held_cents = held_cents + s.cents
FROM (SELECT purse_id, count(*) * 100 AS cents FROM earlier GROUP BY purse_id) AS s WHERE p.id = s.purse_id;
UPDATE reservations.pool AS p SET taken = taken + s.places
FROM (SELECT pool_ids[1] AS pool_id, count(*) AS places FROM earlier GROUP BY pool_ids[1]) AS s WHERE p.id = s.pool_id;
VACUUM (ANALYZE);
CHECKPOINT;
