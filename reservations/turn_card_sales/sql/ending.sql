-- name: find_ending
-- The cards of each booking that end within a month after $2, with turns left, of which nobody was told. One that is good for a month
-- at most is told of a week before.
SELECT b.id AS booking_id, c.session_id
FROM reservations.turn_card AS c
JOIN reservations.ticket AS k ON k.region_id = $1 AND k.session_id = c.session_id AND k.status IN ('confirmed', 'attended', 'no_show')
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = k.booking_id
    AND reservations.card_good_until(b.made_at, c.months) > $2
    AND reservations.card_good_until(b.made_at, c.months)
        <= $2::timestamptz + CASE WHEN c.months > 1 THEN interval '1 month' ELSE interval '7 days' END
LEFT JOIN reservations.turn_card_notice AS n ON n.region_id = $1 AND n.booking_id = b.id AND n.session_id = c.session_id
WHERE c.region_id = $1 AND n.booking_id IS NULL
GROUP BY b.id, c.session_id
HAVING reservations.turns_left($1, b.id, array_agg(DISTINCT k.line_no)) > 0
ORDER BY b.id, c.session_id
LIMIT $3;

-- name: write_notice
INSERT INTO reservations.turn_card_notice (region_id, booking_id, session_id, told_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, booking_id, session_id) DO NOTHING;
