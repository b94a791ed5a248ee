-- name: lock_pools
-- In the order in which bookings lock them; what they are is read in a later statement.
SELECT FROM reservations.pool AS p
WHERE p.region_id = $1 AND (p.id = ANY ($3) OR p.id IN (
    SELECT unnest(s.pool_ids) FROM reservations.session AS s WHERE s.region_id = $1 AND s.id = ANY ($2)
))
ORDER BY p.id
FOR NO KEY UPDATE OF p;

-- name: read_pools
SELECT s.id AS session_id, p.id, p.parent_id, p.kind, p.name, p.licensed_capacity, p.capacity,
    reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity) AS in_force, p.taken, p.held
FROM reservations.session AS s
JOIN reservations.pool AS p ON p.region_id = $1 AND p.id = ANY (s.pool_ids)
WHERE s.region_id = $1 AND s.id = ANY ($2)
ORDER BY s.id, p.kind = 'shared', p.parent_id IS NOT NULL, p.name, p.id;

-- name: read_tariffs
SELECT t.session_id, t.code, t.name, t.price_cents, t.pool_ids
FROM reservations.tariff AS t
WHERE t.region_id = $1 AND t.session_id = ANY ($2) AND t.active
ORDER BY t.session_id, t.rank, t.code;

-- name: dates_of_activity
SELECT s.id, s.starts_at, s.ends_at FROM reservations.session AS s
JOIN reservations.session AS this ON this.region_id = $1 AND this.id = $3 AND this.organiser_id = $2
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.event_id = this.event_id AND s.status <> 'cancelled'
    AND (s.ends_at > $4 OR s.id = $3)
ORDER BY s.starts_at, s.id;

-- name: insert_pools
INSERT INTO reservations.pool (region_id, id, parent_id, kind, name, licensed_capacity, capacity, held)
SELECT $1, r.id, r.parent_id, r.kind, r.name, r.licensed_capacity, r.capacity, 0
FROM json_to_recordset($2) AS r (
    id uuid, parent_id uuid, kind text, name text, licensed_capacity integer, capacity integer
);

-- name: move_pools
UPDATE reservations.pool AS p SET parent_id = r.parent_id
FROM json_to_recordset($2) AS r (id uuid, parent_id uuid)
WHERE p.region_id = $1 AND p.id = r.id;

-- name: draw_on
-- All that a date draws on from now on.
UPDATE reservations.session AS s SET pool_ids = r.pool_ids
FROM json_to_recordset($2) AS r (id uuid, pool_ids uuid[])
WHERE s.region_id = $1 AND s.id = r.id;

-- name: let_tariffs_draw
UPDATE reservations.tariff AS t SET pool_ids = r.pool_ids
FROM json_to_recordset($2) AS r (session_id uuid, code text, pool_ids uuid[])
WHERE t.region_id = $1 AND t.session_id = r.session_id AND t.code = r.code;
