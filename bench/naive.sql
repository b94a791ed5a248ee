-- What a careful developer would write first: one transaction a booking, the same writes, the hot row last.
\set resident random(1, 4000)
SELECT gen_random_uuid() AS booking_id, uuidv7() AS hold_id, uuidv7() AS outbox_id \gset
BEGIN;
SELECT c.membership_id, p.id AS purse_id, p.held_account_id
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = c.region_id AND m.id = c.membership_id
JOIN identity.person AS person ON person.id = m.person_id
JOIN credits.wallet AS w ON w.region_id = m.region_id AND w.id = m.id
JOIN credits.purse AS p ON p.region_id = w.region_id AND p.wallet_id = w.id
WHERE c.region_id = 1 AND c.number = to_char(:resident::integer, 'FM0000000000000') AND c.state = 'active'
FOR NO KEY UPDATE OF w \gset
SELECT t.price_cents, s.organiser_id, s.pool_ids[1] AS pool_id
FROM reservations.session AS s JOIN reservations.tariff AS t ON t.region_id = s.region_id AND t.session_id = s.id
WHERE s.region_id = 1 AND s.id = :session_id::uuid AND t.code = 'base' \gset
INSERT INTO uit.directory (kind, key, region_id, owner) VALUES ('booking', :booking_id::uuid, 1, :membership_id::uuid);
INSERT INTO reservations.booking (region_id, id, digest, channel, actor_kind, actor_id, made_at)
VALUES (1, :booking_id::uuid, '\x00', 'api', 'client', 'meting', now());
INSERT INTO reservations.line (region_id, booking_id, no, session_id, tariff_code, rank, holder_id, wallet_id, seller_id, places,
    price_cents, credit_cents, vat_code, pool_ids)
VALUES (1, :booking_id::uuid, 1, :session_id::uuid, 'base', 0, :membership_id::uuid, :membership_id::uuid, :organiser_id::uuid, 1, :price_cents::integer, :price_cents::integer,
    'exempt-44-2-9', ARRAY[:pool_id::uuid]);
INSERT INTO reservations.ticket (region_id, booking_id, line_no, no, session_id, status)
VALUES (1, :booking_id::uuid, 1, 1, :session_id::uuid, 'confirmed');
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id, booking_id, line_no, payee_id)
VALUES (1, :hold_id::uuid, 'hold', :purse_id::uuid, :held_account_id::uuid, :price_cents::integer, now(), :purse_id::uuid, :booking_id::uuid, 1, :organiser_id::uuid);
UPDATE credits.purse SET available_cents = available_cents - :price_cents::integer, held_cents = held_cents + :price_cents::integer
WHERE region_id = 1 AND id = :purse_id::uuid;
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at)
VALUES (1, :outbox_id::uuid, 'booking.made', :booking_id::uuid, '{}', now(), now());
UPDATE reservations.pool SET taken = taken + 1
WHERE region_id = 1 AND id = :pool_id::uuid AND capacity - taken - held >= 1;
COMMIT;
