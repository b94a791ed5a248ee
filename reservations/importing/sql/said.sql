-- name: select_sales
SELECT event_id, licensed_capacity, capacity, opens_at, closes_minutes, cancel_minutes
FROM reservations.event_sale WHERE region_id = $1 AND event_id = ANY ($2);

-- name: select_tariffs
SELECT event_id, code, name, price_cents, eligibility::text AS eligibility, rank, weight, least, age_from, age_to
FROM reservations.event_tariff WHERE region_id = $1 AND event_id = ANY ($2)
ORDER BY event_id, rank;
