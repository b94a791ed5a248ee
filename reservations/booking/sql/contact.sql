-- name: read_contact
SELECT booking_id, name, email, link_version, proven_at
FROM reservations.contact
WHERE region_id = $1 AND booking_id = $2;

-- name: prove_contact
-- Once: the first moment stays.
UPDATE reservations.contact SET proven_at = $3
WHERE region_id = $1 AND booking_id = $2 AND proven_at IS NULL;
