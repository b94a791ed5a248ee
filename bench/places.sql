-- Beside seed.sql: two sessions of two organisers, each of which draws on a part in a room in what both share; dates with 2,000
-- numbered seats each; one with few places; and dates to change between. Parameters: `halls` and `dates`, how many of those.
INSERT INTO organisers.organiser (region_id, id, name, created_at)
VALUES (1, '00000000-0000-7000-8000-000000000021', 'De Buren', now());
INSERT INTO organisers.event (region_id, id, organiser_id, name, domain, changed_at) VALUES
    (1, '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000021', 'Festival', 'culture', now());
INSERT INTO credits.agreement (region_id, id, programme_id, organiser_id, starts_on)
VALUES (1, uuidv7(), '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000021', '2020-01-01');
UPDATE identity.client SET organiser_ids = organiser_ids || '00000000-0000-7000-8000-000000000021'::uuid;

CREATE TEMPORARY TABLE host AS SELECT * FROM (VALUES
    ('nested', 1, 10000000, '00000000-0000-7000-8000-000000000001'::uuid, '00000000-0000-7000-8000-000000000002'::uuid),
    ('nested', 1, 10000000, '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000022'),
    ('seated', :halls, 2000, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'),
    ('few', 1, 40, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'),
    ('dates', :dates, 10000000, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002')
) AS h (what, number, capacity, organiser_id, event_id);
CREATE TEMPORARY TABLE place AS
SELECT h.*, uuidv7() AS session_id, uuidv7() AS room_id, uuidv7() AS part_id, uuidv7() AS shared_id
FROM host AS h CROSS JOIN LATERAL generate_series(1, h.number);
UPDATE place SET shared_id = (SELECT shared_id FROM place WHERE what = 'nested' LIMIT 1) WHERE what = 'nested';

INSERT INTO reservations.pool (region_id, id, name, kind, licensed_capacity, capacity)
SELECT 1, room_id, 'Zaal', 'room', capacity, capacity FROM place
UNION ALL SELECT DISTINCT 1, shared_id, 'Terrein', 'shared', capacity, capacity FROM place WHERE what = 'nested';
INSERT INTO reservations.pool (region_id, id, parent_id, name, kind, licensed_capacity, capacity)
SELECT 1, part_id, room_id, 'Balkon', 'part', capacity, capacity FROM place WHERE what = 'nested';
INSERT INTO reservations.shared_pool (region_id, pool_id, organiser_id, made_at)
SELECT DISTINCT 1, shared_id, '00000000-0000-7000-8000-000000000001'::uuid, now() FROM place WHERE what = 'nested';
INSERT INTO reservations.sharing (region_id, pool_id, organiser_id, asked_at, agreed_at)
SELECT 1, shared_id, organiser_id, now(), now() FROM place WHERE what = 'nested';

INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at, ends_at,
    sale_closes_at, cancel_until, pool_ids, due_at, changed_at)
SELECT 1, session_id, event_id, organiser_id, 'culture', 'offline', now() + interval '30 days', now() + interval '30 days 2 hours',
    now() + interval '30 days', now() + interval '29 days',
    CASE what WHEN 'nested' THEN ARRAY[room_id, part_id, shared_id] ELSE ARRAY[room_id] END, now() + interval '29 days', now()
FROM place;
INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids)
SELECT 1, p.session_id, 'base', 'Basis', 100, s.pool_ids
FROM place AS p JOIN reservations.session AS s ON s.region_id = 1 AND s.id = p.session_id;
INSERT INTO uit.directory (kind, key, region_id, owner) SELECT 'session', session_id, 1, organiser_id FROM place;

-- Forty rows of fifty, with two aisles.
INSERT INTO reservations.seat_plan (region_id, id, hall_id, organiser_id, name, lines, seats, made_at)
SELECT 1, '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000001', 'Zaal',
    json_agg(json_build_object('name', n::text, 'first', 1, 'last', 50, 'aisles', ARRAY[15, 35]) ORDER BY n), 2000, now()
FROM generate_series(1, 40) AS n;
INSERT INTO reservations.seated_session (region_id, session_id, plan_id, hung_at)
SELECT 1, session_id, '00000000-0000-7000-8000-000000000031', now() FROM place WHERE what = 'seated';

-- What a session is here, for who reads its id.
UPDATE reservations.tariff AS t SET name = p.what FROM place AS p WHERE t.region_id = 1 AND t.session_id = p.session_id;
