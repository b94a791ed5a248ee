-- name: read_facts
SELECT organiser_id, domain::text AS domain FROM organisers.event WHERE region_id = $1 AND id = $2;

-- name: read_starts
SELECT starts_at FROM reservations.session WHERE region_id = $1 AND event_id = $2;

-- name: count_taken
SELECT coalesce(sum(p.taken), 0)::integer
FROM reservations.session AS s
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.id
WHERE s.region_id = $1 AND s.event_id = $2;

-- name: set_where_sold
-- What is hidden is sold nowhere here; what was called off or postponed stays so.
UPDATE reservations.session
SET status = $3, changed_at = $4
WHERE region_id = $1 AND event_id = $2 AND ends_at > $4 AND status IN ('scheduled', 'sold_elsewhere') AND status <> $3;

-- name: follow_event
UPDATE reservations.session AS s
SET domain = e.domain, attendance = e.attendance, changed_at = $3
FROM organisers.event AS e
WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3 AND e.region_id = $1 AND e.id = $2
    AND (s.domain, s.attendance) IS DISTINCT FROM (e.domain, e.attendance);
