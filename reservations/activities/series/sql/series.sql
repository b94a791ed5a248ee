-- name: keep_series
INSERT INTO reservations.series (region_id, id, event_id, pattern, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: set_hours
UPDATE reservations.series SET pattern = pattern || jsonb_build_object('starts', $4::text, 'ends', $5::text)
WHERE region_id = $1 AND event_id = $2 AND id = $3 AND pattern ->> 'kind' = 'reeks';

-- name: read_series
-- `dates`: all that it ever had, but for those that were called off.
SELECT r.id, r.pattern, (
        SELECT count(*) FROM reservations.session AS s
        WHERE s.region_id = $1 AND s.event_id = $2 AND s.series_id = r.id AND s.status <> 'cancelled'
    )::integer + (
        SELECT count(*) FROM reservations.event_date AS d
        WHERE d.region_id = $1 AND d.event_id = $2 AND d.series_id = r.id
    )::integer AS dates
FROM reservations.series AS r
WHERE r.region_id = $1 AND r.event_id = $2
ORDER BY r.made_at, r.id;

-- name: read_series_dates
SELECT s.id, s.starts_at, s.ends_at, s.status::text AS status, p.taken + p.held AS taken, p.capacity, p.licensed_capacity
FROM reservations.session AS s
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.id
WHERE s.region_id = $1 AND s.event_id = $2 AND s.series_id = $3 AND s.starts_at > $4 AND s.status <> 'cancelled'
ORDER BY s.starts_at, s.id;

-- name: read_slots_of
SELECT d.starts_at, d.ends_at FROM reservations.event_date AS d WHERE d.region_id = $1 AND d.event_id = $2 AND d.series_id = $3
UNION
SELECT s.starts_at, s.ends_at FROM reservations.session AS s WHERE s.region_id = $1 AND s.event_id = $2 AND s.series_id = $3;

-- name: count_bookings
SELECT count(DISTINCT t.booking_id)::integer
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = ANY ($2) AND t.status IN ('held', 'confirmed', 'attended');

-- name: put_in_series
UPDATE reservations.session SET series_id = $3 WHERE region_id = $1 AND id = ANY ($2);

-- name: follow_draft
-- The dates of a draft that became sessions stay with those that they were made with.
UPDATE reservations.session AS s SET series_id = d.series_id
FROM reservations.event_date AS d
WHERE s.region_id = $1 AND s.event_id = $2 AND d.region_id = $1 AND d.event_id = $2 AND d.starts_at = s.starts_at
    AND d.series_id IS NOT NULL;

-- name: set_sale_period
-- What is not said stays as it is on each date.
UPDATE reservations.session AS s
SET sale_opens_at = coalesce($3, s.sale_opens_at), changed_at = $5,
    sale_closes_at = coalesce(uit.later(s.starts_at, make_interval(mins => -$4::integer)), s.sale_closes_at)
WHERE s.region_id = $1 AND s.id = ANY ($2);
