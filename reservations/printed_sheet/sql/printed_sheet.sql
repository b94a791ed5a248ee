-- name: read_sheet_tickets
-- The live tickets of these bookings that somebody comes in with: those of their own lines, and all of a booking that they claimed
-- or whose first line they hold (decision 0040). What each costs is its part of its line.
SELECT t.booking_id, t.session_id, t.line_no, t.no, t.seat, t.weight, t.price_cents
FROM (
    SELECT k.booking_id, k.session_id, k.line_no, k.no, k.seat, k.weight, k.status,
        (l.price_cents / count(*) OVER (PARTITION BY k.booking_id, k.line_no))::integer AS price_cents,
        l.holder_id, first_value(l.holder_id) OVER (PARTITION BY k.booking_id ORDER BY k.line_no) AS first_holder_id
    FROM reservations.ticket AS k
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = k.booking_id AND l.no = k.line_no
    WHERE k.region_id = $1 AND k.booking_id = ANY ($2)
) AS t
LEFT JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.booking_id = t.booking_id AND c.membership_id = $3
WHERE t.status IN ('held', 'confirmed') AND ($3 IN (t.holder_id, t.first_holder_id) OR c.booking_id IS NOT NULL)
ORDER BY t.booking_id, t.line_no, t.no
LIMIT $4;
