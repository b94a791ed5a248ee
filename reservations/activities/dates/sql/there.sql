-- name: find_there
-- The dates of an activity that begin at one of these moments, called off or not; of several on sale the first.
SELECT DISTINCT ON (found.starts_at) found.starts_at, found.ends_at, found.session_id, found.status
FROM (
    SELECT s.starts_at, s.ends_at, s.id AS session_id, s.status::text AS status
    FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = $2 AND s.starts_at = ANY ($3)
    UNION ALL
    SELECT d.starts_at, d.ends_at, NULL::uuid, 'draft'
    FROM reservations.event_date AS d
    WHERE d.region_id = $1 AND d.event_id = $2 AND d.starts_at = ANY ($3)
) AS found
ORDER BY found.starts_at, found.session_id;
