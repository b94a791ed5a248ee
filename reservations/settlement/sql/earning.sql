-- name: lock_bookings
-- In the order in which the turnstile locks them; what happened to them is read in a later statement.
SELECT FROM reservations.booking WHERE region_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE;

-- name: read_open_holds
SELECT id, booking_id, line_no, amount_cents, earning::text AS earning, no_show_percent, lapses_at, attended, missed, earned_at
FROM reservations.open_holds($1, $2, $3)
ORDER BY lapses_at, id;

-- name: mark_no_shows
-- A card of turns is no place: nobody stays away with it.
UPDATE reservations.ticket AS t SET status = 'no_show'
FROM reservations.session AS s
WHERE t.region_id = $1 AND t.booking_id = ANY ($2) AND t.session_id = $3 AND t.status = 'confirmed'
    AND s.region_id = $1 AND s.id = $3 AND s.status IN ('scheduled', 'sold_elsewhere') AND uit.later(s.ends_at, $5) <= $4
    AND NOT EXISTS (SELECT 1 FROM reservations.turn_card AS c WHERE c.region_id = $1 AND c.session_id = $3);
