-- name: read_facts
-- What `decide` would see of a booking, these sessions and these members, without a lock: good for showing.
SELECT reservations.facts($1, $2, ARRAY[$3::uuid], '{}', $4::uuid[], '{}', true);

-- name: other_dates
-- The dates of the activity of a session that are on sale now by themselves, with what is left of each, and that session itself.
SELECT s.id, s.starts_at, s.ends_at, s.status::text, s.attendance::text, (
    SELECT coalesce(max(reservations.tickets_left($1, s.id, t.pool_ids, t.weight, t.least, 'page', NULL)), 0)
    FROM reservations.tariff AS t WHERE t.region_id = $1 AND t.session_id = s.id AND t.active
) AS places_left
FROM reservations.session AS booked
JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = booked.event_id
WHERE booked.region_id = $1 AND booked.id = $2 AND (
    s.id = booked.id
    OR s.status = 'scheduled' AND s.sale_closes_at > $3 AND (s.sale_opens_at IS NULL OR s.sale_opens_at <= $3)
    AND reservations.only_in_course($1, s.id) IS NULL
)
ORDER BY s.starts_at, s.id
LIMIT 40;
