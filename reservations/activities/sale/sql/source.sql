-- name: sold_tariffs
SELECT t.code, t.name, t.price_cents, t.eligibility::text AS eligibility, t.rank, t.weight, t.least, t.age_from, t.age_to
FROM reservations.tariff AS t
WHERE t.region_id = $1 AND t.active AND t.session_id = (
    SELECT s.id FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3
    ORDER BY s.starts_at, s.id
    LIMIT 1
)
ORDER BY t.rank, t.code;

-- name: end_rules
DELETE FROM reservations.tariff_rule WHERE region_id = $1 AND event_id = $2;
