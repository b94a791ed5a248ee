-- name: read_titles
SELECT s.id AS session_id, e.id AS event_id, s.organiser_id, e.name, e.is_discreet, s.starts_at, s.ends_at
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = ANY ($2);

-- name: insert_room
INSERT INTO reservations.waiting_room (
    region_id, session_id, opens_at, nonce, promise, credit_share, counter_share, tenths_a_place, turn_minutes, made_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: open_sale_at
-- Its sale opens with the room.
UPDATE reservations.session SET sale_opens_at = $3, changed_at = $4 WHERE region_id = $1 AND id = $2;

-- name: lock_room
SELECT session_id, region_id, opens_at, nonce, promise, seed, opened_at, credit_share, counter_share, tenths_a_place,
    turn_minutes, last_place, let_in, ended_at, end_reason
FROM reservations.waiting_room
WHERE region_id = $1 AND session_id = $2
FOR UPDATE;

-- name: lock_free_room
-- Nothing while another process is at it.
SELECT session_id, region_id, opens_at, nonce, promise, seed, opened_at, credit_share, counter_share, tenths_a_place,
    turn_minutes, last_place, let_in, ended_at, end_reason
FROM reservations.waiting_room
WHERE region_id = $1 AND session_id = $2 AND ended_at IS NULL
FOR UPDATE SKIP LOCKED;

-- name: read_room
SELECT session_id, region_id, opens_at, nonce, promise, seed, opened_at, credit_share, counter_share, tenths_a_place,
    turn_minutes, last_place, let_in, ended_at, end_reason
FROM reservations.waiting_room
WHERE region_id = $1 AND session_id = $2;

-- name: find_rooms
-- Those that go on, and those that ended since a moment: of all regions, for the memory of a process.
SELECT session_id, region_id, opens_at, nonce, promise, seed, opened_at, credit_share, counter_share, tenths_a_place,
    turn_minutes, last_place, let_in, ended_at, end_reason
FROM reservations.waiting_room
WHERE ended_at IS NULL OR ended_at > $1
ORDER BY region_id, session_id;

-- name: find_undrawn
SELECT coalesce(array_agg(id ORDER BY id), '{}')
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND place IS NULL AND proven_at IS NOT NULL AND left_at IS NULL;

-- name: write_draw
UPDATE reservations.queue_entry AS e
SET place = d.place, drawn_place = d.place, changed_at = $4
FROM unnest($3::uuid[]) WITH ORDINALITY AS d (id, place)
WHERE e.region_id = $1 AND e.session_id = $2 AND e.id = d.id;

-- name: write_opening
UPDATE reservations.waiting_room SET seed = $3, opened_at = $4, last_place = $5 WHERE region_id = $1 AND session_id = $2;

-- name: write_let_in
UPDATE reservations.queue_entry
SET let_in_at = $4, turn_until = $5, changed_at = $4
WHERE region_id = $1 AND session_id = $2 AND id = ANY ($3);

-- name: count_let_in
UPDATE reservations.waiting_room SET let_in = let_in + $3 WHERE region_id = $1 AND session_id = $2;

-- name: read_state
-- What is left by the function that pages ask, what is held, and who has a turn and did not book.
SELECT (
    SELECT CASE WHEN bool_and(t.left_of IS NOT NULL) THEN max(t.left_of * t.weight) END
    FROM (
        SELECT reservations.tickets_left($1, $2, a.pool_ids, a.weight, a.least, 'page', NULL) AS left_of, a.weight
        FROM reservations.tariff AS a
        WHERE a.region_id = $1 AND a.session_id = $2 AND a.active
    ) AS t
) AS places_left, (
    SELECT count(*)::integer FROM reservations.ticket AS k
    WHERE k.region_id = $1 AND k.session_id = $2 AND k.status = 'held'
) AS held, (
    SELECT count(*)::integer FROM reservations.queue_entry AS e
    WHERE e.region_id = $1 AND e.session_id = $2 AND e.turn_until > $3 AND e.booking_id IS NULL
) AS inside, (
    SELECT count(*)::integer FROM reservations.queue_entry AS e
    WHERE e.region_id = $1 AND e.session_id = $2 AND e.let_in_at IS NULL AND e.left_at IS NULL AND e.place IS NOT NULL
) AS waiting, (
    SELECT s.status <> 'scheduled' OR s.sale_closes_at <= $3 FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.id = $2
) AS is_closed;

-- name: first_waiting
-- The first of all, and of each share, so many.
SELECT w.id, w.place, w.share
FROM unnest(ARRAY['open', 'credit', 'counter']) AS asked (share)
CROSS JOIN LATERAL (
    SELECT e.id, e.place, e.share
    FROM reservations.queue_entry AS e
    WHERE e.region_id = $1 AND e.session_id = $2 AND e.share = asked.share
        AND e.let_in_at IS NULL AND e.left_at IS NULL AND e.place IS NOT NULL
    ORDER BY e.place
    LIMIT $3
) AS w;

-- name: end_room
UPDATE reservations.waiting_room SET ended_at = $3, end_reason = $4
WHERE region_id = $1 AND session_id = $2 AND ended_at IS NULL;

-- name: let_go
-- Who still waited when it ended, so many at a time.
WITH told AS (
    UPDATE reservations.queue_entry AS e
    SET left_at = $3, changed_at = $3
    FROM (
        SELECT q.id FROM reservations.queue_entry AS q
        WHERE q.region_id = $1 AND q.session_id = $2 AND q.let_in_at IS NULL AND q.left_at IS NULL AND q.place IS NOT NULL
        ORDER BY q.place
        LIMIT $4
    ) AS gone
    WHERE e.region_id = $1 AND e.session_id = $2 AND e.id = gone.id
    RETURNING e.id
)
SELECT coalesce(array_agg(id), '{}') FROM told;

-- name: read_drawn
SELECT coalesce(array_agg(id ORDER BY drawn_place), '{}')
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND drawn_place IS NOT NULL;
