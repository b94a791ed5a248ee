-- name: read_copy
SELECT m.subject, m.body, m.session_id, c.outcome, e.name AS event, e.is_discreet, s.starts_at, s.ends_at, o.name AS organiser,
    o.email, o.phone, EXISTS (
        SELECT 1 FROM reservations.turn_card AS t WHERE t.region_id = $1 AND t.session_id = m.session_id
    ) AS is_turn_card
FROM reservations.written_message AS m
JOIN reservations.written_copy AS c ON c.region_id = $1 AND c.message_id = m.id AND c.booking_id = $3
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = m.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = m.organiser_id
WHERE m.region_id = $1 AND m.id = $2;

-- name: finish_copy
UPDATE reservations.written_copy SET way = $4, outcome = $5, done_at = $6
WHERE region_id = $1 AND message_id = $2 AND booking_id = $3;
