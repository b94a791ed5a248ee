-- name: find_stranded
-- The cards of turns for an activity, by their names, that can pay for a date at $5, and for none any more once dates $4 are sold in
-- course $3 alone. Only those that are on sale, or that somebody has and that are still good.
SELECT c.session_id, e.name, held.cards AS held
FROM reservations.turn_card_event AS f
JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = f.session_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS cards
    FROM reservations.ticket AS k
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = k.booking_id
    WHERE k.region_id = $1 AND k.session_id = c.session_id AND k.status IN ('confirmed', 'attended', 'no_show')
        AND reservations.card_good_until(b.made_at, c.months) > $5
) AS held
WHERE f.region_id = $1 AND f.event_id = $2 AND (s.sale_closes_at > $5 OR held.cards > 0)
    AND reservations.takes_turns($1, ARRAY(
        SELECT a.event_id FROM reservations.turn_card_event AS a WHERE a.region_id = $1 AND a.session_id = c.session_id
    ), $5)
    AND NOT EXISTS (
        SELECT 1
        FROM reservations.turn_card_event AS a
        JOIN reservations.session AS d ON d.region_id = $1 AND d.event_id = a.event_id
        LEFT JOIN reservations.course_date AS x ON x.region_id = $1 AND x.session_id = d.id AND x.course_id <> $3
        LEFT JOIN reservations.course AS o ON o.region_id = $1 AND o.id = x.course_id AND o.choice_least IS DISTINCT FROM 1
        WHERE a.region_id = $1 AND a.session_id = c.session_id AND d.status = 'scheduled' AND d.sale_closes_at > $5
            AND o.id IS NULL AND d.id <> ALL ($4)
    )
ORDER BY e.name, c.session_id;
