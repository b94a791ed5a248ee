-- name: read_named
-- By what a letter tells which event it is about, and why dates of it changed, which may tell it too.
SELECT e.name, coalesce(v.name, '') AS venue, coalesce(v.street, '') AS street, o.name AS organiser, o.phone, o.email, (
    SELECT coalesce(array_agg(DISTINCT r.reason), '{}')
    FROM reservations.session AS s
    CROSS JOIN LATERAL unnest(ARRAY[s.status_reason, s.longer_reason]) AS r (reason)
    WHERE s.region_id = $1 AND s.event_id = $2 AND r.reason <> ''
) AS reasons
FROM organisers.event AS e
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = e.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE e.region_id = $1 AND e.id = $2;

-- name: find_unprinted
-- What waits on paper, or to be said, for who comes to a date of an event, and for who booked that for them.
SELECT w.id, w.subject, w.body, w.written_at
FROM identity.letter AS w
WHERE w.region_id = $1 AND w.batch_id IS NULL AND w.told_at IS NULL AND w.dropped_at IS NULL AND w.person_id IN (
    SELECT unnest(ARRAY[m.person_id, maker.id])
    FROM reservations.session AS s
    JOIN reservations.line AS l ON l.region_id = $1 AND l.session_id = s.id
    JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
    LEFT JOIN identity.person AS maker ON maker.id::text = substr(b.actor_id, 8)
        AND b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/')
    WHERE s.region_id = $1 AND s.event_id = $2
);
