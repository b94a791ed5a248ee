-- name: read_standing
-- All who ever stood in the line of an activity, by when they came; $3 is the date that is looked at.
SELECT w.id, row_number() OVER (ORDER BY w.joined_at, w.id) AS number, (
        SELECT sum((l.value ->> 'places')::integer) FROM jsonb_array_elements(w.lines) AS l
    ) AS places, w.joined_at, w.state, w.answer_by, w.session_ids @> ARRAY[$3::uuid] AS wants_date
FROM reservations.waiting_entry AS w
WHERE w.region_id = $1 AND w.event_id = $2
ORDER BY w.joined_at, w.id;

-- name: read_passes
SELECT p.at, p.known::text AS known, p.outcomes::text AS outcomes
FROM reservations.waiting_pass AS p
WHERE p.region_id = $1 AND p.event_id = $2
ORDER BY p.at DESC, p.id DESC
LIMIT 50;
