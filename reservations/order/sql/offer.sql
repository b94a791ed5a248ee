-- name: read_facts
-- What `decide` would see for sessions and a member, or a guest, without a lock: good for showing, never for booking.
SELECT reservations.facts($1, $2::uuid[], '{}', '{}', $3::uuid[], '{}', true);

-- name: read_vendor
-- Who sells in its own name: the organiser, or who does so for it under a mandate.
SELECT o.name, o.enterprise_number AS number
FROM reservations.session AS s
LEFT JOIN credits.seller AS r ON r.region_id = $1 AND r.organiser_id = s.organiser_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = coalesce(r.agent_id, s.organiser_id)
WHERE s.region_id = $1 AND s.id = $2;
