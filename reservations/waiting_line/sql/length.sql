-- name: count_waiting
-- How many wait for a date, or for it among others.
SELECT count(*) FROM reservations.session AS s
JOIN reservations.waiting_entry AS w
    ON w.region_id = $1 AND w.event_id = s.event_id AND w.state = 'waiting' AND s.id = ANY (w.session_ids)
WHERE s.region_id = $1 AND s.id = $2;
