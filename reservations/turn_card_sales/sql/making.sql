-- name: read_owner
SELECT organiser_id FROM organisers.event WHERE region_id = $1 AND id = $2;

-- name: fit_time
-- A date that is sold as cards is of the time in which they are sold and are good; nothing is due at its limit for cancelling,
-- since each card has its own.
UPDATE reservations.session
SET sale_closes_at = $3, cancel_until = starts_at, due_at = $4, changed_at = starts_at
WHERE region_id = $1 AND id = $2;

-- name: insert_card
INSERT INTO reservations.turn_card (region_id, session_id, turns, months, shared, give_back_days, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: insert_events
INSERT INTO reservations.turn_card_event (region_id, session_id, event_id)
SELECT $1, $2, e.id FROM organisers.event AS e
WHERE e.region_id = $1 AND e.organiser_id = $3 AND e.id = ANY ($4);

-- name: leave_agenda
SELECT reservations.refresh_listing($1, ARRAY[$2::uuid], ARRAY[$3::date]);

-- name: stop_selling
UPDATE reservations.session AS s SET sale_closes_at = $4, changed_at = $4
FROM reservations.turn_card AS c
WHERE s.region_id = $1 AND s.organiser_id = $2 AND s.id = $3 AND s.sale_closes_at > $4
    AND c.region_id = $1 AND c.session_id = $3;

-- name: read_others
-- The other activities of an organiser that are seen and still have dates.
SELECT e.id, e.name FROM organisers.event AS e
WHERE e.region_id = $1 AND e.organiser_id = $2 AND e.id <> $3 AND e.published AND EXISTS (
    SELECT 1 FROM reservations.session AS s
    WHERE s.region_id = $1 AND s.event_id = e.id AND s.starts_at > $4 AND s.status = 'scheduled'
)
ORDER BY e.name, e.id
LIMIT $5;

-- name: read_made
-- The cards for an activity, also those that are not sold any more: how many were sold and stand, and how many turns are left on those
-- that are still good at $3. No figure tells at which price.
SELECT c.session_id, e.name, c.turns::integer, c.months::integer, c.shared, c.give_back_days::integer, s.sale_closes_at,
    count(k.booking_id)::integer AS sold,
    coalesce(sum(c.turns - used.turns) FILTER (
        WHERE reservations.card_good_until(b.made_at, c.months) > $3
    ), 0)::integer AS turns_left
FROM reservations.turn_card_event AS f
JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = f.session_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = c.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.ticket AS k ON k.region_id = $1 AND k.session_id = c.session_id
    AND k.status IN ('confirmed', 'attended', 'no_show')
LEFT JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = k.booking_id
LEFT JOIN LATERAL (
    SELECT count(*)::integer AS turns FROM reservations.turn_use AS u
    JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = u.booking_id AND t.line_no = u.line_no
        AND t.status IN ('held', 'confirmed', 'attended', 'no_show')
    WHERE u.region_id = $1 AND u.card_booking_id = k.booking_id AND u.card_line_no = k.line_no AND u.card_ticket_no = k.no
) AS used ON true
WHERE f.region_id = $1 AND f.event_id = $2
GROUP BY c.session_id, e.name, c.turns, c.months, c.shared, c.give_back_days, s.sale_closes_at
ORDER BY s.sale_closes_at DESC, c.session_id;
