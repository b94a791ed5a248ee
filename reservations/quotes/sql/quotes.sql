-- name: read_facts
-- What `decide` would see for these sessions, cards and memberships, without a lock: good for saying, never for booking.
SELECT reservations.facts($1, $2, '{}', $3, $4, '{}', true);

-- name: read_sellers
SELECT name, enterprise_number AS number, id FROM organisers.organiser WHERE region_id = $1 AND id = ANY ($2::uuid[]);
