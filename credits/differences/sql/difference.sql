-- name: read_open
SELECT f.id, o.name AS organiser, f.kind, f.external_id, f.day, f.expected_cents, f.found_cents, f.opened_at, f.closed_at,
    NULL::text AS closed_by, f.reason
FROM credits.difference AS f
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = f.seller_id
WHERE f.region_id = $1 AND f.closed_at IS NULL
ORDER BY f.day, f.id
LIMIT $2;

-- name: read_one
SELECT f.id, o.name AS organiser, f.kind, f.external_id, f.day, f.expected_cents, f.found_cents, f.opened_at, f.closed_at,
    s.name AS closed_by, f.reason
FROM credits.difference AS f
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = f.seller_id
LEFT JOIN identity.staff AS s ON s.id = f.closed_by
WHERE f.region_id = $1 AND f.id = $2;

-- name: read_closed
-- The latest first.
SELECT f.id, o.name AS organiser, f.kind, f.external_id, f.day, f.expected_cents, f.found_cents, f.opened_at, f.closed_at,
    s.name AS closed_by, f.reason
FROM credits.difference AS f
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = f.seller_id
LEFT JOIN identity.staff AS s ON s.id = f.closed_by
WHERE f.region_id = $1 AND f.closed_at IS NOT NULL
ORDER BY f.closed_at DESC, f.id
LIMIT $2;

-- name: count_open
SELECT count(*)::integer FROM credits.difference WHERE region_id = $1 AND closed_at IS NULL;

-- name: write_closed
SELECT credits.close_difference($1, $2, $3, $4, $5);
