-- name: prices_asked
-- What an organiser sells on dates that are to come, each price of an event once, the soonest first. That of a card of turns stays as
-- it was promised.
SELECT s.event_id, t.code, min(t.name) AS name, min(t.price_cents) AS price_cents, e.name AS event,
    min(s.starts_at) AS starts_at, bool_or(t.eligibility = 'social') AS is_personal, min(t.least)::integer AS least,
    reservations.condition_of($1, s.event_id, t.code, min(t.least)::integer)::text AS condition
FROM reservations.session AS s
JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.active
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at > $3
    AND ($4::uuid IS NULL OR s.event_id = $4) AND ($5::text IS NULL OR t.code = $5)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
GROUP BY s.event_id, t.code, e.name
ORDER BY min(s.starts_at), e.name, min(t.rank), t.code
LIMIT 200;

-- name: draft_price
-- A price of an activity that is made here and that nobody can book yet.
SELECT e.id AS event_id, t.code, t.name, t.price_cents, e.name AS event, NULL::timestamptz AS starts_at,
    t.eligibility = 'social' AS is_personal, t.least::integer AS least,
    reservations.condition_of($1, e.id, t.code, t.least::integer)::text AS condition
FROM organisers.event AS e
JOIN reservations.event_tariff AS t ON t.region_id = $1 AND t.event_id = e.id AND t.code = $4
WHERE e.region_id = $1 AND e.organiser_id = $2 AND e.id = $3 AND e.made_here;

-- name: conditions_of_event
-- What is asked for the prices of an event, in no order. How many at once is with the price itself.
SELECT code, reservations.condition_of($1, event_id, code, 1)::text AS condition
FROM reservations.tariff_condition
WHERE region_id = $1 AND event_id = $2;

-- name: write_condition
INSERT INTO reservations.tariff_condition
    (region_id, event_id, code, for_members, for_companion, most_per_person, most_per_household, code_digest, code_until,
     code_uses, shows, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (region_id, event_id, code) DO UPDATE
SET for_members = excluded.for_members, for_companion = excluded.for_companion, most_per_person = excluded.most_per_person,
    most_per_household = excluded.most_per_household, code_digest = excluded.code_digest, code_until = excluded.code_until,
    code_uses = excluded.code_uses, shows = excluded.shows, decided_at = excluded.decided_at, decided_by = excluded.decided_by;

-- name: end_condition
DELETE FROM reservations.tariff_condition WHERE region_id = $1 AND event_id = $2 AND code = $3;
