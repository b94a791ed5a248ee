-- name: insert_measure
INSERT INTO reservations.measure
    (region_id, id, scope, scope_id, refnis, organiser_id, places, percent, from_on, to_on, reason, taken_by, taken_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::integer, $9, $10, $11, $12, $13)
ON CONFLICT (region_id, id) DO NOTHING
RETURNING true;

-- name: find_same
SELECT m.id FROM reservations.measure AS m
WHERE m.region_id = $1 AND m.scope = $2 AND m.ended_at IS NULL
    AND (m.scope_id, m.refnis, m.organiser_id, m.places, m.percent, m.from_on, m.to_on, m.reason)
        IS NOT DISTINCT FROM ($3::uuid, $4::text, $5::uuid, $6::integer, $7::integer, $8::date, $9::date, $10::text)
LIMIT 1;

-- name: end_measure
UPDATE reservations.measure SET ended_at = $4
WHERE region_id = $1 AND id = $2 AND organiser_id IS NOT DISTINCT FROM $3 AND ended_at IS NULL
RETURNING true;

-- name: measures_to_come
-- Those that hold now or will. Of an organiser also those of the region, which are for it as well.
SELECT m.id, coalesce(t.name, v.name, CASE WHEN m.scope = 'organiser' THEN o.name END) AS where,
    m.places, m.percent::integer, m.from_on, m.to_on, m.reason, own.name AS taken_by
FROM reservations.measure AS m
LEFT JOIN uit.municipality AS t ON t.refnis = m.refnis
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = m.scope_id
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = m.scope_id
LEFT JOIN organisers.organiser AS own ON own.region_id = $1 AND own.id = m.organiser_id
WHERE m.region_id = $1 AND m.ended_at IS NULL AND m.to_on >= $2
    AND ($3::uuid IS NULL OR m.organiser_id IS NULL AND m.scope <> 'organiser' OR $3 IN (m.organiser_id, m.scope_id))
ORDER BY m.from_on, m.taken_at, m.id;

-- name: read_touched
-- What a measure that is not taken yet would leave, beside those that hold. Rooms that are not counted here are left out, and cards
-- of turns, which fill none.
SELECT s.id, s.organiser_id, o.name AS organiser, e.name AS event, coalesce(v.name, '') AS venue, s.starts_at,
    room.taken, room.capacity, room.cap, count(*) OVER () AS of_all,
    count(*) FILTER (WHERE room.taken > room.cap) OVER () AS over_all,
    coalesce(sum(greatest(room.taken - room.cap, 0)) OVER (), 0)::integer AS people_over
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT sum(p.taken) AS taken, sum(left_now.places) AS capacity,
        sum(least(left_now.places, coalesce($3::integer, p.licensed_capacity * $4::integer / 100))) AS cap
    FROM reservations.pool AS p
    CROSS JOIN LATERAL (
        SELECT reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity) AS places
    ) AS left_now
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'room' AND p.licensed_capacity > 0
) AS room
WHERE s.region_id = $1 AND s.ends_at > $2 AND s.status <> 'cancelled' AND s.attendance <> 'online' AND room.capacity IS NOT NULL
    AND (s.starts_at AT TIME ZONE 'Europe/Brussels')::date <= $6 AND (s.ends_at AT TIME ZONE 'Europe/Brussels')::date >= $5
    AND ($10::uuid IS NULL OR s.organiser_id = $10)
    AND reservations.is_in_scope($7::text, $8::uuid, $9::text, v.refnis, s.organiser_id, e.venue_id)
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = s.id)
ORDER BY greatest(room.taken - room.cap, 0) DESC, s.starts_at, s.id
LIMIT $11;

-- name: read_excess
-- The dates to come with more people than the measures in force leave places.
SELECT s.id, s.organiser_id, o.name AS organiser, e.name AS event, coalesce(v.name, '') AS venue, s.starts_at,
    room.taken, room.capacity, room.cap, count(*) OVER () AS of_all, count(*) OVER () AS over_all,
    (sum(room.taken - room.cap) OVER ())::integer AS people_over
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
CROSS JOIN LATERAL (
    SELECT sum(p.taken) AS taken, sum(p.capacity) AS capacity,
        sum(reservations.capacity_of($1, s.id, p.kind, p.capacity, p.licensed_capacity)) AS cap
    FROM reservations.pool AS p
    WHERE p.region_id = $1 AND p.id = ANY (s.pool_ids) AND p.kind = 'room' AND p.licensed_capacity > 0
) AS room
WHERE s.region_id = $1 AND s.ends_at > $2 AND s.status <> 'cancelled' AND s.attendance <> 'online' AND room.taken > room.cap
    AND ($3::uuid IS NULL OR s.organiser_id = $3)
    AND EXISTS (SELECT 1 FROM reservations.measure AS m WHERE m.region_id = $1 AND m.ended_at IS NULL)
ORDER BY s.starts_at, s.id
LIMIT $4;

-- name: read_venues
-- Places where something is to come; $2: of one organiser.
SELECT v.id::text AS key, v.name FROM organisers.venue AS v
WHERE v.region_id = $1 AND v.id IN (
    SELECT e.venue_id FROM organisers.event AS e
    JOIN reservations.session AS s ON s.region_id = $1 AND s.event_id = e.id AND s.ends_at > $3
    WHERE e.region_id = $1 AND ($2::uuid IS NULL OR e.organiser_id = $2)
)
ORDER BY v.name, v.id;

-- name: read_organisers
SELECT o.id::text AS key, o.name FROM organisers.organiser AS o WHERE o.region_id = $1 AND o.ended_at IS NULL
ORDER BY o.name, o.id;

-- name: read_municipalities
SELECT t.refnis AS key, m.name FROM uit.region_municipality AS t
JOIN uit.municipality AS m ON m.refnis = t.refnis
WHERE t.region_id = $1
ORDER BY m.name;
