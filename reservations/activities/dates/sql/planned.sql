-- name: read_dates
SELECT d.starts_at, d.ends_at, NULL::uuid AS session_id, 'draft' AS status, 0 AS taken, 0 AS capacity,
    false AS at_source
FROM reservations.event_date AS d
WHERE d.region_id = $1 AND d.event_id = $2 AND d.starts_at > $3
UNION ALL
SELECT s.starts_at, s.ends_at, s.id, s.status::text, coalesce(p.taken + p.held, 0),
    coalesce(least(p.capacity, p.taken + p.held + reservations.seats_left($1, s.id)), 0),
    EXISTS (SELECT 1 FROM uit.foreign_id AS f WHERE f.region_id = $1 AND f.owner = s.id AND f.kind = 'session')
FROM reservations.session AS s
LEFT JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.id
WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3
ORDER BY starts_at, ends_at
LIMIT $4;

-- name: read_waiting
SELECT d.starts_at, d.ends_at FROM reservations.event_date AS d
WHERE d.region_id = $1 AND d.event_id = $2 AND d.starts_at > $3
ORDER BY d.starts_at;

-- name: count_dates
-- Those that are to come, of a draft or not.
SELECT (
    SELECT count(*) FROM reservations.event_date AS d WHERE d.region_id = $1 AND d.event_id = $2 AND d.starts_at > $3
)::integer + (
    SELECT count(*) FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = $2 AND s.ends_at > $3 AND s.status <> 'cancelled'
)::integer;

-- name: insert_dates
INSERT INTO reservations.event_date (region_id, event_id, starts_at, ends_at, series_id)
SELECT $1, $2, r.starts_at, r.ends_at, $4::uuid FROM json_to_recordset($3) AS r (starts_at timestamptz, ends_at timestamptz)
ON CONFLICT (region_id, event_id, starts_at) DO UPDATE SET ends_at = excluded.ends_at;

-- name: delete_date
DELETE FROM reservations.event_date WHERE region_id = $1 AND event_id = $2 AND starts_at = $3;

-- name: delete_dates
DELETE FROM reservations.event_date WHERE region_id = $1 AND event_id = $2;
