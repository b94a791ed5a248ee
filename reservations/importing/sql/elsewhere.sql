-- name: read_places
SELECT e.id, e.attendance::text AS attendance, e.venue_id,
    coalesce(uit.fold(concat_ws(' ', v.name, v.street, v.postal_code)), '') AS address
FROM organisers.event AS e
LEFT JOIN organisers.venue AS v ON v.region_id = $1 AND v.id = e.venue_id
WHERE e.region_id = $1 AND e.id = ANY ($2);
