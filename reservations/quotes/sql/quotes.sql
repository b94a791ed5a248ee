-- name: read_facts
-- What `decide` would see for these sessions, cards and memberships, without a lock: good for saying, never for booking.
SELECT reservations.facts($1, $2, '{}', $3, $4, '{}', true);

-- name: read_sellers
SELECT name, enterprise_number AS number, id FROM organisers.organiser WHERE region_id = $1 AND id = ANY ($2::uuid[]);

-- name: people_of_cards
SELECT coalesce(array_agg(DISTINCT m.person_id), '{}')
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
WHERE c.region_id = $1 AND c.id = ANY ($2);
