-- A date that many want: `seats` free places, and as many residents as `people`, beside those of seed.sql.
CREATE TEMPORARY TABLE wanted AS SELECT uuidv7() AS session_id, uuidv7() AS pool_id;
INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity) SELECT 1, pool_id, 'Zaal', :seats, :seats FROM wanted;
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at, ends_at,
    sale_closes_at, cancel_until, pool_ids, due_at, changed_at)
SELECT 1, session_id, '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'culture',
    'offline', now() + interval '30 days', now() + interval '30 days 2 hours', now() + interval '30 days',
    now() + interval '29 days', ARRAY[pool_id], now() + interval '29 days', now()
FROM wanted;
INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids)
SELECT 1, session_id, 'rush', 'Gratis', 0, ARRAY[pool_id] FROM wanted;
INSERT INTO uit.directory (kind, key, region_id, owner)
SELECT 'session', session_id, 1, '00000000-0000-7000-8000-000000000001' FROM wanted;

CREATE TEMPORARY TABLE comer AS
SELECT n, uuidv7() AS person_id, uuidv7() AS member_id, uuidv7() AS card_id FROM generate_series(1, :people) AS n;
INSERT INTO identity.person (id, given_name, family_name, born_on, created_at)
SELECT person_id, 'Wachter', n::text, '1990-01-01', now() FROM comer;
INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)
SELECT 1, member_id, person_id, '2020-01-01', now() FROM comer;
INSERT INTO passes.card (region_id, id, membership_id, number, kind, issuer, issued_at)
SELECT 1, card_id, member_id, to_char(n + 1000000, 'FM0000000000000'), 'digital', 'meting', now() FROM comer;
INSERT INTO uit.directory (kind, key, region_id, owner) SELECT 'card', card_id, 1, member_id FROM comer;
INSERT INTO credits.wallet SELECT 1, member_id FROM comer;
