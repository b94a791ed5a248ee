-- name: list_sessions
-- A tariff can sell as many tickets as fit in what is left in the fullest of its pools, without pools it is not counted; a
-- session can sell what its roomiest tariff can.
SELECT s.starts_at, s.id, json_build_object(
    'session_id', s.id,
    'event', json_build_object('id', e.id, 'name', e.name),
    'organiser_id', s.organiser_id,
    'venue', CASE WHEN v.id IS NOT NULL THEN json_build_object(
        'name', v.name, 'street', v.street, 'postal_code', v.postal_code, 'locality', v.locality
    ) END,
    'starts_at', s.starts_at, 'ends_at', s.ends_at, 'status', s.status,
    'places_left', CASE WHEN sale.counted IS NOT FALSE THEN coalesce(sale.places_left, 0) END,
    'capacity', CASE WHEN sale.counted IS NOT FALSE THEN coalesce(sale.capacity, 0) END,
    'tariffs', coalesce(sale.tariffs, '[]')
) AS document
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = s.region_id AND e.id = s.event_id
LEFT JOIN organisers.venue AS v ON v.region_id = e.region_id AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT max(CASE WHEN room.places_left < t.least THEN 0 ELSE room.places_left END) AS places_left, max(room.capacity) AS capacity,
        bool_and(room.capacity IS NOT NULL) AS counted,
        json_agg(json_build_object(
            'code', t.code, 'name', t.name, 'price_cents', t.price_cents, 'weight', t.weight, 'least', t.least,
            'age_from', t.age_from, 'age_to', t.age_to, 'born_from', t.born_from, 'born_to', t.born_to
        ) ORDER BY t.rank, t.code) AS tariffs
    FROM reservations.tariff AS t
    CROSS JOIN LATERAL (
        SELECT min(greatest(p.capacity - p.taken - p.held, 0)) / t.weight AS places_left,
            min(p.capacity) / t.weight AS capacity
        FROM reservations.pool AS p
        WHERE p.region_id = t.region_id AND p.id = ANY (t.pool_ids)
    ) AS room
    WHERE t.region_id = s.region_id AND t.session_id = s.id AND t.active
) AS sale
WHERE s.region_id = $1 AND s.organiser_id = ANY ($2) AND e.published AND s.starts_at >= $3 AND s.starts_at < $4
    AND (strpos(lower(e.name), $5) > 0 OR strpos(lower(v.name), $5) > 0)
    AND (s.starts_at, s.id) > ($6, $7)
ORDER BY s.starts_at, s.id
LIMIT $8;
