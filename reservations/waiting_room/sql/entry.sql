-- name: find_members
-- Who may enter by a pass: by their person, or by their membership where a counter enters them.
SELECT m.person_id, m.id AS membership_id, coalesce((
    SELECT sum(p.available_cents) FROM credits.purse AS p WHERE p.region_id = $1 AND p.wallet_id = m.id
), 0)::bigint > 0 AS has_credit
FROM passes.membership AS m
WHERE m.region_id = $1 AND m.status = 'active' AND (m.person_id = ANY ($2) OR m.id = ANY ($3));

-- name: find_groups
-- Which groups may enter by their pass, on a day.
SELECT g.id, coalesce((
    SELECT sum(p.available_cents) FROM credits.purse AS p WHERE p.region_id = $1 AND p.wallet_id = g.id
), 0)::bigint > 0 AS has_credit
FROM passes.group_pass AS g
WHERE g.region_id = $1 AND g.id = ANY ($2) AND g.ended_at IS NULL AND g.social_until >= $3;

-- name: entry_of_group
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND group_id = $3;

-- name: find_entries
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND (membership_id = ANY ($3) OR group_id = ANY ($3) OR email = ANY ($4));

-- name: insert_entries
INSERT INTO reservations.queue_entry (
    region_id, session_id, id, share, membership_id, group_id, email, opens_at, entered_at, proven_at, place, changed_at
)
SELECT $1, $2, n.id, n.share, n.membership_id, n.group_id, n.email, $4, $5, n.proven_at, n.place, $5
FROM json_to_recordset($3::json) AS n (
    id uuid, share text, membership_id uuid, group_id uuid, email text, proven_at timestamptz, place integer
);

-- name: set_last_place
UPDATE reservations.waiting_room SET last_place = $3 WHERE region_id = $1 AND session_id = $2;

-- name: lock_entry
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND id = $3
FOR UPDATE;

-- name: read_entry
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND id = $3;

-- name: entry_of_member
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND membership_id = $3;

-- name: changed_entries
SELECT session_id, id, membership_id, group_id, email, place, proven_at, let_in_at, turn_until, lengthened, booking_id, left_at, changed_at
FROM reservations.queue_entry
WHERE region_id = $1 AND session_id = $2 AND (changed_at, id) > ($3, $4)
ORDER BY changed_at, id
LIMIT $5;

-- name: prove_entry
UPDATE reservations.queue_entry SET proven_at = $4, place = $5, changed_at = $4
WHERE region_id = $1 AND session_id = $2 AND id = $3;

-- name: lengthen_turn
UPDATE reservations.queue_entry SET turn_until = $4, lengthened = lengthened + 1, changed_at = $5
WHERE region_id = $1 AND session_id = $2 AND id = $3;

-- name: put_last
UPDATE reservations.queue_entry
SET place = $4, let_in_at = NULL, turn_until = NULL, lengthened = 0, left_at = NULL, booking_id = NULL, changed_at = $5
WHERE region_id = $1 AND session_id = $2 AND id = $3;

-- name: leave
UPDATE reservations.queue_entry SET left_at = $4, turn_until = NULL, changed_at = $4
WHERE region_id = $1 AND session_id = $2 AND id = $3 AND left_at IS NULL;
