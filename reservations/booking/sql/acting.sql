-- name: lock_given
-- After all that the batch locks. Who revokes waits for it, or was first and is seen.
SELECT r.id, r.kind::text, r.person_id, r.representative_id, r.powers, r.limit_cents, r.starts_on, r.ends_on,
    r.revoked_at IS NOT NULL AS is_revoked, r.accepted_at IS NOT NULL AS is_accepted, r.checked_on, r.shares_titles,
    m.id AS membership_id, p.born_on
FROM unnest($2::uuid[], $3::uuid[]) AS acting (person_id, membership_id)
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = acting.membership_id
JOIN identity.person AS p ON p.id = m.person_id
JOIN identity.representation AS r ON r.representative_id = acting.person_id AND r.person_id = m.person_id
ORDER BY r.id
FOR SHARE OF r;

-- name: read_given
-- What somebody was given for members of the region, by member.
SELECT r.id, r.kind::text, r.person_id, r.representative_id, r.powers, r.limit_cents, r.starts_on, r.ends_on,
    false AS is_revoked, r.accepted_at IS NOT NULL AS is_accepted, r.checked_on, r.shares_titles,
    m.id AS membership_id, p.born_on, p.given_name
FROM identity.representation AS r
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = r.person_id AND m.status = 'active'
JOIN identity.person AS p ON p.id = r.person_id
WHERE r.representative_id = $2 AND r.revoked_at IS NULL
ORDER BY p.given_name, m.id, r.id;

-- name: find_made_for
-- The member for whom somebody made a booking.
SELECT l.holder_id
FROM reservations.booking AS b
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = b.id
WHERE b.region_id = $1 AND b.id = $2 AND b.actor_kind = 'holder' AND b.actor_id = $3
ORDER BY l.no
LIMIT 1;

-- name: read_made_for
SELECT maker.given_name || ' ' || maker.family_name AS made_by, p.given_name AS made_for, m.id AS membership_id
FROM reservations.line AS l
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id = m.person_id
JOIN identity.person AS maker ON maker.id = $3
WHERE l.region_id = $1 AND l.booking_id = $2
ORDER BY l.no
LIMIT 1;
