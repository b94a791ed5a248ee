-- name: find_settling
-- The sessions of all regions whose bookings may have earned something, the longest overdue first. Nothing is locked.
SELECT region_id, id FROM reservations.session
WHERE due_at <= $1 AND status IN ('scheduled', 'sold_elsewhere')
ORDER BY due_at
LIMIT $2;

-- name: claim_settling
-- One of them, when it is still due and nobody else has it. $4: until when it is claimed.
WITH d AS (
    SELECT id, due_at FROM reservations.session
    WHERE region_id = $1 AND id = $2 AND due_at <= $3 AND status IN ('scheduled', 'sold_elsewhere')
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reservations.session AS s SET due_at = $4
FROM d
WHERE s.region_id = $1 AND s.id = d.id
RETURNING s.region_id, s.id, s.due_at AS claimed_until, d.due_at AS was_due_at, s.choose_until;

-- name: find_calling_off
SELECT region_id, id FROM reservations.session
WHERE due_at <= $1 AND status = 'cancelled'
ORDER BY due_at
LIMIT $2;

-- name: claim_calling_off
WITH d AS (
    SELECT id, due_at FROM reservations.session
    WHERE region_id = $1 AND id = $2 AND due_at <= $3 AND status = 'cancelled'
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE reservations.session AS s SET due_at = $4
FROM d
WHERE s.region_id = $1 AND s.id = d.id
RETURNING s.region_id, s.id, s.due_at AS claimed_until, d.due_at AS was_due_at, s.choose_until;

-- name: next_bookings
SELECT DISTINCT t.booking_id AS id
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = $2 AND t.booking_id > $3
    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
ORDER BY 1
LIMIT $4;

-- name: next_unpaid_bookings
-- Those that wait to be paid and have nothing else in a session.
SELECT t.booking_id AS id
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = $2 AND t.booking_id > $3
    AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
GROUP BY t.booking_id
HAVING bool_and(t.status = 'held')
ORDER BY 1
LIMIT $4;

-- name: finish_session
-- Its moments are the limit for cancelling, its start, its end, and when its doors close; what goes on for days is looked at
-- every day. NULL when all of them are over, or when it was called off and that is done.
UPDATE reservations.session AS s
SET due_at = least($6::timestamptz, CASE WHEN s.status <> 'cancelled' THEN (
    SELECT min(CASE WHEN s.starts_at <= $4 AND m.at > $4 + interval '1 day' THEN $4 + interval '1 day' ELSE m.at END)
    FROM unnest(ARRAY[s.cancel_until, s.starts_at, s.ends_at, uit.later(s.ends_at, $5)]) AS m (at)
    WHERE m.at > $4
) END)
WHERE s.region_id = $1 AND s.id = $2 AND s.due_at = $3;
