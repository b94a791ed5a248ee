-- name: write_message
-- Once for the id of its form.
INSERT INTO reservations.written_message (region_id, id, organiser_id, session_id, subject, body, written_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: write_copies
-- One for each booking that has a place in the session now.
INSERT INTO reservations.written_copy (region_id, message_id, booking_id)
SELECT DISTINCT $1::integer, $2::uuid, t.booking_id
FROM reservations.ticket AS t
WHERE t.region_id = $1 AND t.session_id = $3 AND t.status IN ('held', 'confirmed', 'attended', 'no_show');

-- name: list_messages
SELECT m.id, m.subject, m.body, m.written_at, count(*)::integer AS copies,
    count(*) FILTER (WHERE c.outcome = 'sent' AND c.way = 'email')::integer AS by_email,
    count(*) FILTER (WHERE c.outcome = 'sent' AND c.way = 'sms')::integer AS by_sms,
    count(*) FILTER (WHERE c.outcome = 'sent' AND c.way = 'letter')::integer AS by_letter,
    count(*) FILTER (WHERE c.outcome = 'waiting')::integer AS waiting
FROM reservations.written_message AS m
JOIN reservations.written_copy AS c ON c.region_id = $1 AND c.message_id = m.id
WHERE m.region_id = $1 AND m.organiser_id = $2 AND m.session_id = $3
GROUP BY m.id, m.subject, m.body, m.written_at
ORDER BY m.written_at DESC, m.id;

-- name: read_copies
SELECT c.booking_id, c.outcome, c.way
FROM reservations.written_message AS m
JOIN reservations.written_copy AS c ON c.region_id = $1 AND c.message_id = m.id
WHERE m.region_id = $1 AND m.organiser_id = $2 AND m.session_id = $3 AND m.id = $4
ORDER BY c.outcome = 'sent', c.booking_id;
