-- name: read_watched
-- What is left of every session that somebody looks at, by its tariffs: by the function that pages ask too.
SELECT t.code, t.price_cents, t.eligibility::text, t.age_from, t.age_to, t.pool_ids, t.rank, t.vat_code,
    t.weight, t.least, t.born_from, t.born_to, t.session_id, t.name,
    reservations.tickets_left($1, t.session_id, t.pool_ids, t.weight, t.least, 'page', NULL) AS places_left,
    reservations.condition_of($1, s.event_id, t.code, t.least)::text AS condition,
    s.status::text, s.starts_at, s.sale_opens_at, s.sale_closes_at
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN reservations.tariff AS t ON t.region_id = $1 AND t.session_id = s.id AND t.active
WHERE s.region_id = $1 AND s.id = ANY ($2) AND organisers.is_shown(e.published, e.visible_from, e.visible_to, $3)
ORDER BY t.session_id, t.rank, t.code;
