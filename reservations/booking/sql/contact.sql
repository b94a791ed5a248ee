-- name: read_contact
SELECT booking_id, name, email, link_version, proven_at
FROM reservations.contact
WHERE region_id = $1 AND booking_id = $2;

-- name: prove_contact
-- Once: the first moment stays.
UPDATE reservations.contact SET proven_at = $3
WHERE region_id = $1 AND booking_id = $2 AND proven_at IS NULL;

-- name: read_claimant
SELECT p.id AS person_id, p.given_name, p.email, p.died_on IS NOT NULL AS has_died
FROM reservations.claimed_booking AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE c.region_id = $1 AND c.booking_id = $2;

-- name: read_maker
-- Who made a booking for others.
SELECT maker.id AS person_id, maker.given_name, maker.email, maker.died_on IS NOT NULL AS has_died
FROM reservations.booking AS b
JOIN identity.person AS maker ON maker.id::text = substr(b.actor_id, 8)
WHERE b.region_id = $1 AND b.id = $2 AND b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/');
