-- name: read_set_apart
-- Those of a date, with how many of them are sold.
SELECT a.pool_id AS id, a.channel::text, c.name AS client, a.places, least(p.taken, a.places) AS sold, a.release_at,
    a.released_at, a.unsold
FROM reservations.allotment AS a
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = a.pool_id
LEFT JOIN identity.client AS c ON c.region_id = $1 AND c.id = a.client_id
WHERE a.region_id = $1 AND a.session_id = $2
ORDER BY a.released_at IS NOT NULL, a.release_at, a.pool_id;

-- name: read_clients
SELECT c.id, c.name FROM identity.client AS c
WHERE c.region_id = $1 AND $2 = ANY (c.organiser_ids) AND c.ended_at IS NULL
ORDER BY c.name, c.id;

-- name: is_set_apart
-- Under the locks of its date.
SELECT EXISTS (
    SELECT 1 FROM reservations.allotment AS a
    WHERE a.region_id = $1 AND a.session_id = $2 AND a.channel = $3::text::reservations.channel
        AND a.client_id IS NOT DISTINCT FROM $4 AND a.released_at IS NULL
);

-- name: insert_pool
-- It has no end of its own: its channel goes on with what is for all.
INSERT INTO reservations.pool (region_id, id, parent_id, kind, name, licensed_capacity, capacity)
VALUES ($1, $2, $3, 'allotment', '', 999999, $4);

-- name: insert_allotment
INSERT INTO reservations.allotment
    (region_id, pool_id, session_id, channel, client_id, places, release_at, made_at)
VALUES ($1, $2, $3, $4::text::reservations.channel, $5, $6, $7, $8);

-- name: hold
UPDATE reservations.pool SET held = held + $3 WHERE region_id = $1 AND id = $2;

-- name: release_allotment
-- It keeps no place any more, and counts on what its channel has.
WITH was AS (
    SELECT p.id, greatest(p.capacity - p.taken, 0) AS unsold
    FROM reservations.pool AS p WHERE p.region_id = $1 AND p.id = $3
), emptied AS (
    UPDATE reservations.pool AS p SET capacity = 0 FROM was WHERE p.region_id = $1 AND p.id = was.id
)
UPDATE reservations.allotment AS a SET released_at = $4, unsold = was.unsold
FROM was
WHERE a.region_id = $1 AND a.session_id = $2 AND a.pool_id = was.id AND a.released_at IS NULL
RETURNING a.unsold;

-- name: find_due
-- Of all regions, the longest overdue first. Nothing is locked.
SELECT a.region_id, a.session_id, a.pool_id FROM reservations.allotment AS a
WHERE a.release_at <= $1 AND a.released_at IS NULL
ORDER BY a.release_at
LIMIT $2;
