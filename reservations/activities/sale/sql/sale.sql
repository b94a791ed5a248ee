-- name: read_sale
SELECT licensed_capacity, capacity, opens_at, closes_minutes, cancel_minutes
FROM reservations.event_sale WHERE region_id = $1 AND event_id = $2;

-- name: read_event_tariffs
SELECT code, name, price_cents, eligibility::text AS eligibility, rank, weight, least, age_from, age_to
FROM reservations.event_tariff WHERE region_id = $1 AND event_id = $2 ORDER BY rank;

-- name: write_sale
INSERT INTO reservations.event_sale
    (region_id, event_id, licensed_capacity, capacity, opens_at, closes_minutes, cancel_minutes, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (region_id, event_id) DO UPDATE
SET licensed_capacity = excluded.licensed_capacity, capacity = excluded.capacity, opens_at = excluded.opens_at,
    closes_minutes = excluded.closes_minutes, cancel_minutes = excluded.cancel_minutes, changed_at = excluded.changed_at;

-- name: delete_sale
DELETE FROM reservations.event_sale WHERE region_id = $1 AND event_id = $2;

-- name: end_event_tariffs
DELETE FROM reservations.event_tariff WHERE region_id = $1 AND event_id = $2 AND code <> ALL ($3);

-- name: write_event_tariffs
INSERT INTO reservations.event_tariff
    (region_id, event_id, code, name, price_cents, eligibility, rank, weight, least, age_from, age_to)
SELECT $1, $2, r.code, r.name, r.price_cents, r.eligibility, r.rank, r.weight, r.least, r.age_from, r.age_to
FROM json_to_recordset($3) AS r (
    code text, name text, price_cents integer, eligibility reservations.eligibility, rank smallint, weight smallint,
    least smallint, age_from smallint, age_to smallint
)
ON CONFLICT (region_id, event_id, code) DO UPDATE
SET name = excluded.name, price_cents = excluded.price_cents, eligibility = excluded.eligibility, rank = excluded.rank,
    weight = excluded.weight, least = excluded.least, age_from = excluded.age_from, age_to = excluded.age_to;

-- name: sessions_to_come
SELECT s.id FROM reservations.session AS s
WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3 AND s.status <> 'cancelled'
ORDER BY s.id;

-- name: fit_pools
-- What is taken or kept apart stays. A pool that somebody made larger or smaller by hand keeps that, within what the room holds.
UPDATE reservations.pool AS p
SET licensed_capacity = greatest($4::integer, p.taken + p.held),
    capacity = greatest(least(CASE WHEN p.capacity = $3 THEN $5 ELSE p.capacity END, $4), p.taken + p.held)
WHERE p.region_id = $1 AND p.id = ANY ($2);

-- name: set_pools
-- What is taken stays. What its source sold elsewhere does not count any more; what is kept back for others is kept back again
-- by the import that follows.
UPDATE reservations.pool AS p
SET licensed_capacity = greatest($3::integer, p.taken), capacity = greatest($4::integer, p.taken), held = 0
WHERE p.region_id = $1 AND p.id = ANY ($2);

-- name: fit_sale_periods
-- Until when a card of turns is sold was said when it was made.
UPDATE reservations.session AS s
SET sale_opens_at = $3, sale_closes_at = uit.later(s.starts_at, make_interval(mins => -$4::integer)), changed_at = $5
WHERE s.region_id = $1 AND s.id = ANY ($2)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id);

-- name: fit_cancelling
-- Only where nobody has a place: the pool is locked, so nobody takes one meanwhile.
UPDATE reservations.session AS s
SET cancel_until = uit.later(s.starts_at, make_interval(mins => -$3::integer)), changed_at = $4,
    due_at = CASE
        WHEN s.status IN ('scheduled', 'sold_elsewhere') THEN uit.later(s.starts_at, make_interval(mins => -$3::integer)) ELSE s.due_at
    END
FROM reservations.pool AS p
WHERE s.region_id = $1 AND s.id = ANY ($2) AND p.region_id = $1 AND p.id = s.id AND p.taken = 0;

-- name: copy_sale
INSERT INTO reservations.event_sale
    (region_id, event_id, licensed_capacity, capacity, opens_at, closes_minutes, cancel_minutes, changed_at)
SELECT $1, $3, licensed_capacity, capacity, NULL, closes_minutes, cancel_minutes, $4
FROM reservations.event_sale WHERE region_id = $1 AND event_id = $2
ON CONFLICT (region_id, event_id) DO NOTHING;

-- name: copy_tariffs
INSERT INTO reservations.event_tariff
    (region_id, event_id, code, name, price_cents, eligibility, rank, weight, least, age_from, age_to)
SELECT $1, $3, code, name, price_cents, eligibility, rank, weight, least, age_from, age_to
FROM reservations.event_tariff WHERE region_id = $1 AND event_id = $2
ON CONFLICT (region_id, event_id, code) DO NOTHING;

-- name: copy_conditions
INSERT INTO reservations.tariff_condition
    (region_id, event_id, code, for_members, for_companion, most_per_person, most_per_household, code_digest, code_until,
     code_uses, shows, decided_at, decided_by)
SELECT $1, $3, code, for_members, for_companion, most_per_person, most_per_household, code_digest, code_until, code_uses, shows,
    $4, $5
FROM reservations.tariff_condition WHERE region_id = $1 AND event_id = $2
ON CONFLICT (region_id, event_id, code) DO NOTHING;
