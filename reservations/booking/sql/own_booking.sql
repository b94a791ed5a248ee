-- name: read_next
-- By what name a session is known that somebody chose and did not book yet. $3: in which language.
SELECT coalesce(e.name_translations ->> $3, e.name) AS name
FROM reservations.session AS s
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE s.region_id = $1 AND s.id = $2;

-- name: read_offered_entry
-- Of a booking that is offered to who waited and was not answered yet.
SELECT id, answer_by FROM reservations.waiting_entry
WHERE region_id = $1 AND booking_id = $2 AND state = 'offered';
