-- A region to measure in: 4,000 residents with credit, one hot session, 500 others, one that is sold out, and one for cards.
-- Parameters are psql variables: `client_token` is the digest of the bearer token.
INSERT INTO uit.region (id, slug, name) VALUES (1, 'meting', 'Meting');
INSERT INTO organisers.organiser (region_id, id, name, created_at)
VALUES (1, '00000000-0000-7000-8000-000000000001', 'De Meting', now());
INSERT INTO organisers.event (region_id, id, organiser_id, name, domain, changed_at)
VALUES (1, '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Meting', 'culture', now());

CREATE TEMPORARY TABLE place AS
SELECT n, uuidv7() AS session_id, uuidv7() AS pool_id, CASE n WHEN 501 THEN 0 ELSE 10000000 END AS capacity
FROM generate_series(0, 502) AS n;
INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity)
SELECT 1, pool_id, 'Zaal', capacity, capacity FROM place;
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at, ends_at,
    sale_closes_at, cancel_until, pool_ids, due_at, changed_at)
SELECT 1, session_id, '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'culture',
    'offline', now() + interval '30 days', now() + interval '30 days 2 hours', now() + interval '30 days',
    now() + interval '29 days', ARRAY[pool_id], now() + interval '29 days', now()
FROM place;
INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids)
SELECT 1, session_id, 'base', 'Basis', 100, ARRAY[pool_id] FROM place;
INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, eligibility, pool_ids)
SELECT 1, session_id, 'kansentarief', 'Kansentarief', 20, 'social', ARRAY[pool_id] FROM place;
INSERT INTO uit.directory (kind, key, region_id, owner)
SELECT 'session', session_id, 1, '00000000-0000-7000-8000-000000000001' FROM place;

INSERT INTO credits.legal_entity VALUES (1, '00000000-0000-7000-8000-000000000010', 'Meting', '0207437468');
INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id) VALUES
    (1, '00000000-0000-7000-8000-000000000011', 'claim', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000010'),
    (1, '00000000-0000-7000-8000-000000000012', 'fund', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000010');
-- The organiser takes cards, in books of its own.
INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id)
SELECT 1, uuidv7(), kind::credits.account_kind, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000010'
FROM unnest(ARRAY['sale', 'card', 'till', 'terminal', 'invoice', 'bank', 'safe', 'fee', 'rounding', 'difference', 'disputed']) AS kind;
INSERT INTO credits.seller (region_id, organiser_id, legal_entity_id, card_account, card_open, sale_account_id, card_account_id,
    till_account_id, terminal_account_id, invoice_account_id, bank_account_id, safe_account_id, fee_account_id, rounding_account_id,
    difference_account_id, disputed_account_id)
SELECT 1, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000010', '', true, (a.ids ->> 'sale')::uuid,
    (a.ids ->> 'card')::uuid, (a.ids ->> 'till')::uuid, (a.ids ->> 'terminal')::uuid, (a.ids ->> 'invoice')::uuid,
    (a.ids ->> 'bank')::uuid, (a.ids ->> 'safe')::uuid, (a.ids ->> 'fee')::uuid, (a.ids ->> 'rounding')::uuid,
    (a.ids ->> 'difference')::uuid, (a.ids ->> 'disputed')::uuid
FROM (
    SELECT jsonb_object_agg(kind, id) AS ids FROM credits.account
    WHERE region_id = 1 AND owner_id = '00000000-0000-7000-8000-000000000001'
) AS a;
INSERT INTO credits.programme (region_id, id, name, funder, opened_at)
VALUES (1, '00000000-0000-7000-8000-000000000013', 'Cultuurkrediet', 'Meting', now());
INSERT INTO credits.programme_version (region_id, programme_id, version, amount_cents, valid_months, earning, starts_at)
VALUES (1, '00000000-0000-7000-8000-000000000013', 1, 100000000, 12, 'session_end', now());
INSERT INTO credits.fund (region_id, id, programme_id, claim_id, budget_cents, available_cents)
VALUES (1, '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000013',
    '00000000-0000-7000-8000-000000000011', 500000000000, 100000000000);
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at)
VALUES (1, uuidv7(), 'pledge', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000012', 500000000000, now());
INSERT INTO credits.agreement (region_id, id, programme_id, organiser_id, starts_on)
VALUES (1, uuidv7(), '00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000001', '2020-01-01');

CREATE TEMPORARY TABLE resident AS
SELECT n, uuidv7() AS person_id, uuidv7() AS member_id, uuidv7() AS card_id, uuidv7() AS purse_id, uuidv7() AS held_id
FROM generate_series(1, 4000) AS n;
INSERT INTO identity.person (id, given_name, family_name, born_on, created_at)
SELECT person_id, 'Bewoner', n::text, '1990-01-01', now() FROM resident;
INSERT INTO passes.membership (region_id, id, person_id, starts_on, created_at)
SELECT 1, member_id, person_id, '2020-01-01', now() FROM resident;
INSERT INTO passes.card (region_id, id, membership_id, number, kind, issuer, issued_at)
SELECT 1, card_id, member_id, to_char(n, 'FM0000000000000'), 'digital', 'meting', now() FROM resident;
INSERT INTO uit.directory (kind, key, region_id, owner) SELECT 'card', card_id, 1, member_id FROM resident;
INSERT INTO credits.wallet SELECT 1, member_id FROM resident;
INSERT INTO credits.account (region_id, id, kind, owner_id, legal_entity_id)
SELECT 1, purse_id, 'purse'::credits.account_kind, purse_id, '00000000-0000-7000-8000-000000000010'::uuid FROM resident
UNION ALL SELECT 1, held_id, 'held', purse_id, '00000000-0000-7000-8000-000000000010' FROM resident;
INSERT INTO credits.purse (region_id, id, held_account_id, wallet_id, programme_id, version, fund_id, period,
    granted_cents, available_cents, lapses_at, lapse_due_at, granted_at)
SELECT 1, purse_id, held_id, member_id, '00000000-0000-7000-8000-000000000013', 1, '00000000-0000-7000-8000-000000000012',
    '2026', 100000000, 100000000, now() + interval '300 days', now() + interval '300 days', now() FROM resident;
INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at, purse_id)
SELECT 1, uuidv7(), 'grant', '00000000-0000-7000-8000-000000000012', purse_id, 100000000, now(), purse_id FROM resident;

INSERT INTO identity.client (region_id, id, name, secret_digest, organiser_ids, created_at)
VALUES (1, 'meting', 'Meting', '\x00', ARRAY['00000000-0000-7000-8000-000000000001']::uuid[], now());
INSERT INTO identity.access_token (digest, client_id, created_at, expires_at)
VALUES (decode(:'client_token', 'hex'), 'meting', now(), now() + interval '1 day');
