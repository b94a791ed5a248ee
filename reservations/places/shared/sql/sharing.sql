-- name: insert_shared
-- With its pool.
WITH made AS (
    INSERT INTO reservations.pool (region_id, id, kind, name, licensed_capacity, capacity)
    VALUES ($1, $2, 'shared', $4, 999999, $5)
    ON CONFLICT (region_id, id) DO NOTHING
    RETURNING id
)
INSERT INTO reservations.shared_pool (region_id, pool_id, organiser_id, made_at)
SELECT $1, id, $3, $6 FROM made
RETURNING true;

-- name: insert_asked
INSERT INTO reservations.sharing (region_id, pool_id, organiser_id, asked_at)
SELECT $1, $2, o.id, $4 FROM organisers.organiser AS o WHERE o.region_id = $1 AND o.id = ANY ($3)
ON CONFLICT (region_id, pool_id, organiser_id) DO NOTHING;

-- name: agree
UPDATE reservations.sharing SET agreed_at = $4
WHERE region_id = $1 AND pool_id = $2 AND organiser_id = $3 AND agreed_at IS NULL
RETURNING true;

-- name: disagree
UPDATE reservations.sharing SET agreed_at = NULL
WHERE region_id = $1 AND pool_id = $2 AND organiser_id = $3 AND agreed_at IS NOT NULL
RETURNING true;

-- name: dates_under
SELECT coalesce(array_agg(s.id ORDER BY s.id), '{}') FROM reservations.session AS s
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.ends_at > $4 AND $3 = ANY (s.pool_ids);

-- name: read_shared
-- $2: as that organiser sees it; NULL: as the region does.
SELECT p.id, p.name, o.name AS maker, s.organiser_id IS NOT DISTINCT FROM $2 AS is_ours,
    s.organiser_id IS NOT DISTINCT FROM $2 OR own.agreed_at IS NOT NULL AS is_agreed, p.capacity, p.taken, p.held,
    coalesce(others.agreed, '{}') AS others, coalesce(others.asked, '{}') AS asked, hanging.dates
FROM reservations.shared_pool AS s
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.pool_id
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN reservations.sharing AS own ON own.region_id = $1 AND own.pool_id = s.pool_id AND own.organiser_id = $2
CROSS JOIN LATERAL (
    SELECT array_agg(t.name ORDER BY t.name) FILTER (WHERE w.agreed_at IS NOT NULL) AS agreed,
        array_agg(t.name ORDER BY t.name) FILTER (WHERE w.agreed_at IS NULL) AS asked
    FROM reservations.sharing AS w
    JOIN organisers.organiser AS t ON t.region_id = $1 AND t.id = w.organiser_id
    WHERE w.region_id = $1 AND w.pool_id = s.pool_id AND w.organiser_id IS DISTINCT FROM $2
) AS others
CROSS JOIN LATERAL (
    SELECT count(*) AS dates FROM reservations.session AS d
    WHERE d.region_id = $1 AND ($2::uuid IS NULL OR d.organiser_id = $2) AND d.ends_at > $3
        AND d.status <> 'cancelled' AND s.pool_id = ANY (d.pool_ids)
) AS hanging
WHERE s.region_id = $1 AND (s.organiser_id IS NOT DISTINCT FROM $2 OR own.pool_id IS NOT NULL)
ORDER BY p.name, p.id;

-- name: read_others
SELECT o.id, o.name FROM organisers.organiser AS o
WHERE o.region_id = $1 AND o.id IS DISTINCT FROM $2 AND o.ended_at IS NULL
ORDER BY lower(o.name), o.id;

-- name: read_hanging
-- The places under which a date of an organiser can hang, or hangs.
SELECT p.id, p.name, p.capacity, p.taken, p.held, p.id = ANY (d.pool_ids) AS hangs
FROM reservations.session AS d
JOIN reservations.shared_pool AS s ON s.region_id = $1
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = s.pool_id
WHERE d.region_id = $1 AND d.organiser_id = $2 AND d.id = $3 AND (s.organiser_id = $2 OR EXISTS (
    SELECT 1 FROM reservations.sharing AS w
    WHERE w.region_id = $1 AND w.pool_id = s.pool_id AND w.organiser_id = $2 AND w.agreed_at IS NOT NULL
))
ORDER BY p.name, p.id;

-- name: lock_ours
SELECT p.id, p.name, p.capacity, p.taken, p.held, false AS hangs
FROM reservations.pool AS p
JOIN reservations.shared_pool AS s ON s.region_id = $1 AND s.pool_id = p.id
WHERE p.region_id = $1 AND p.id = $2 AND s.organiser_id IS NOT DISTINCT FROM $3
FOR NO KEY UPDATE OF p;

-- name: resize
UPDATE reservations.pool SET capacity = $3 WHERE region_id = $1 AND id = $2;
