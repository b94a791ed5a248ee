-- name: waiting_tariffs
-- One row for all dates of an event that are to come, the soonest first.
SELECT s.event_id, t.code, min(t.name) AS name, min(t.price_cents) AS price_cents, e.name AS event,
    min(s.starts_at) AS starts_at, NULL::boolean AS is_sold, NULL::smallint AS weight, NULL::smallint AS least,
    NULL::smallint AS age_from, NULL::smallint AS age_to
FROM reservations.tariff AS t
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = t.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.tariff_rule AS rule ON rule.region_id = $1 AND rule.event_id = s.event_id AND rule.code = t.code
WHERE t.region_id = $1 AND t.waits AND s.organiser_id = $2 AND s.ends_at > $3 AND rule.code IS NULL
GROUP BY s.event_id, t.code, e.name
ORDER BY min(s.starts_at), e.name, t.code
LIMIT 100;

-- name: answered_tariffs
SELECT rule.event_id, rule.code, next.name, next.price_cents, e.name AS event, next.starts_at, rule.is_sold, rule.weight,
    rule.least, rule.age_from, rule.age_to
FROM reservations.tariff_rule AS rule
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = rule.event_id
CROSS JOIN LATERAL (
    SELECT t.name, t.price_cents, s.starts_at
    FROM reservations.session AS s
    JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.code = rule.code
    WHERE s.region_id = $1 AND s.event_id = rule.event_id AND s.organiser_id = $2 AND s.ends_at > $3
        AND (t.active OR t.waits)
    ORDER BY s.starts_at
    LIMIT 1
) AS next
WHERE rule.region_id = $1 AND e.organiser_id = $2
ORDER BY next.starts_at, e.name, rule.code
LIMIT 100;

-- name: read_tariff
-- A tariff of an event of this organiser that waits, or of which they said something.
SELECT s.event_id, t.code, t.name, t.price_cents, e.name AS event, s.starts_at, rule.is_sold, rule.weight, rule.least,
    rule.age_from, rule.age_to
FROM reservations.session AS s
JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.code = $5
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.tariff_rule AS rule ON rule.region_id = $1 AND rule.event_id = s.event_id AND rule.code = t.code
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at > $3 AND s.event_id = $4
    AND (t.waits OR t.active AND rule.code IS NOT NULL)
ORDER BY s.starts_at
LIMIT 1;

-- name: write_rule
INSERT INTO reservations.tariff_rule
    (region_id, event_id, code, is_sold, weight, least, age_from, age_to, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (region_id, event_id, code) DO UPDATE
SET is_sold = excluded.is_sold, weight = excluded.weight, least = excluded.least, age_from = excluded.age_from,
    age_to = excluded.age_to, decided_at = excluded.decided_at, decided_by = excluded.decided_by;

-- name: apply_rule
-- On all dates that are to come. What ended as a price stays ended; what is booked keeps its places.
UPDATE reservations.tariff AS t
SET active = $4, waits = NOT $4, weight = coalesce($5, t.weight), least = coalesce($6, t.least),
    age_from = CASE WHEN $4 THEN $7 ELSE t.age_from END, age_to = CASE WHEN $4 THEN $8 ELSE t.age_to END
FROM reservations.session AS s
WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $9
    AND t.region_id = $1 AND t.session_id = s.id AND t.code = $3 AND (t.active OR t.waits);
