-- name: address_of_staff
SELECT s.email FROM identity.role AS r
JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
WHERE r.region_id = $1 AND r.role = 'organiser' AND r.organiser_id = $2 AND r.staff_id = $3
    AND r.starts_at <= $4 AND (r.ends_at IS NULL OR r.ends_at > $4)
LIMIT 1;

-- name: address_of_organiser
SELECT email FROM organisers.organiser WHERE region_id = $1 AND id = $2;
