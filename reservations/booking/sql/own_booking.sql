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

-- name: read_taken_by_changes
-- The credit that changes of a booking took for new ones of these lines: what they gave back paid it, as far as that was enough.
-- A line of which a part ended is released whole and held again for what stays: that took nothing.
SELECT coalesce(sum(t.amount_cents), 0)::integer
FROM reservations.change AS c
JOIN credits.transfer AS t ON t.region_id = $1 AND t.booking_id = $2 AND t.kind = 'hold' AND t.line_no = ANY ($3)
    AND t.at IN (c.at, c.ended_at)
WHERE c.region_id = $1 AND c.booking_id = $2 AND c.state = 'done' AND NOT EXISTS (
    SELECT 1 FROM credits.transfer AS r
    WHERE r.region_id = $1 AND r.booking_id = $2 AND r.kind = 'release' AND r.line_no = t.line_no AND r.at = t.at
);
