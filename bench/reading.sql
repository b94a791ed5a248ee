-- A region to read in: so many sessions of one event for every eight, spread over a year, a part of them exhibitions; and
-- three small organisers with a client. Parameters are psql variables: `sessions`, and `client_token`, the digest of the
-- bearer token.
INSERT INTO uit.region (id, slug, name) VALUES (1, 'meting', 'Meting');
INSERT INTO uit.municipality (refnis, name, name_fr, province, postal_codes)
VALUES ('41002', 'Aalst', 'Alost', 'Oost-Vlaanderen', '{9300,9308,9310,9320}') ON CONFLICT DO NOTHING;

CREATE FUNCTION pg_temp.word(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT s[n % 20 + 1] || s[n / 20 % 20 + 1] || s[n / 400 % 20 + 1] || 'el'
    FROM (SELECT '{ba,ke,li,mo,nu,pra,ste,vri,zo,glu,dar,fen,hin,jol,kur,lam,mer,nis,pol,rut}'::text[]) AS t (s);
$$;
CREATE TEMPORARY TABLE organiser AS
SELECT n, uuidv7() AS id, n < 3 AS is_small FROM generate_series(0, 3 + :sessions / 2000) AS n;
INSERT INTO organisers.organiser (region_id, id, name, created_at)
SELECT 1, id, 'Vereniging ' || n, now() FROM organiser;
CREATE TEMPORARY TABLE place AS SELECT n, uuidv7() AS id FROM generate_series(0, :sessions / 500) AS n;
INSERT INTO organisers.venue (region_id, id, name, street, postal_code, locality, refnis)
SELECT 1, id, 'Zaal ' || pg_temp.word(n * 7), 'Markt 1', '9300', 'Aalst', '41002' FROM place;

-- The first three organisers have three events each, whatever the size of the region.
CREATE TEMPORARY TABLE event AS
SELECT n, uuidv7() AS id, CASE WHEN n < 9 THEN n % 3 ELSE 3 + n % (1 + :sessions / 2000) END AS organiser_no,
    (ARRAY['Theater', 'Concert', 'Zwemmen', 'Wandeling', 'Workshop'])[n % 5 + 1] AS kind,
    (ARRAY['culture', 'culture', 'sport', 'tourism', 'youth'])[n % 5 + 1]::organisers.domain AS domain
FROM generate_series(0, :sessions / 8 - 1) AS n;
-- The first word of a name is of this event alone, the second of some.
INSERT INTO organisers.event (region_id, id, organiser_id, venue_id, name, description, domain, type_label, changed_at)
SELECT 1, e.id, o.id, p.id, e.kind || ' ' || pg_temp.word(e.n * 7919 % 8000) || pg_temp.word(e.n / 8000) || ' en ' || pg_temp.word(e.n * 104729 % 8000),
    repeat('Kom je ook? ', 30), e.domain, e.kind, now()
FROM event AS e JOIN organiser AS o ON o.n = e.organiser_no JOIN place AS p ON p.n = e.n % (1 + :sessions / 500);

-- One in forty is an exhibition of three weeks, one in twenty has its eight times on one day.
CREATE TEMPORARY TABLE moment AS
SELECT uuidv7() AS id, uuidv7() AS pool_id, e.id AS event_id, o.id AS organiser_id, e.domain, t.starts_at,
    t.starts_at + CASE WHEN e.n % 40 = 1 THEN interval '21 days' ELSE interval '2 hours' END AS ends_at
FROM event AS e
JOIN organiser AS o ON o.n = e.organiser_no
CROSS JOIN generate_series(0, 7) AS k
CROSS JOIN LATERAL (
    SELECT date_trunc('day', now()) + (e.n * 37 % 330 - 20) * interval '1 day'
        + CASE WHEN e.n % 20 = 2 THEN k * interval '1 hour' ELSE k * interval '1 week' END + interval '10 hours' AS starts_at
) AS t;
INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity) SELECT 1, pool_id, 'Zaal', 100, 100 FROM moment;
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at, ends_at,
    sale_closes_at, cancel_until, pool_ids, changed_at)
SELECT 1, id, event_id, organiser_id, domain, 'offline', starts_at, ends_at, ends_at, starts_at, ARRAY[pool_id], now() FROM moment;
INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, eligibility, pool_ids)
SELECT 1, id, t.code, t.name, t.cents, t.eligibility::reservations.eligibility, ARRAY[pool_id]
FROM moment, (VALUES ('base', 'Basis', 500, 'anyone'), ('kansentarief', 'Kansentarief', 100, 'social'))
    AS t (code, name, cents, eligibility);

INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, created_at)
SELECT 1, 'meting', 'Meting', '\x00', array_agg(id), now() FROM organiser WHERE is_small;
INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
VALUES (decode(:'client_token', 'hex'), 'meting', now(), now() + interval '1 day');
VACUUM (ANALYZE);
