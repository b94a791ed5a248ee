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

-- name: read_made_for
-- Who made a booking for others, and each of them, by the first line of theirs.
SELECT m.id AS membership_id, p.given_name, maker.given_name || ' ' || maker.family_name AS made_by
FROM reservations.line AS l
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id = m.person_id
JOIN identity.person AS maker ON maker.id = $3
WHERE l.region_id = $1 AND l.booking_id = $2
GROUP BY m.id, p.given_name, maker.given_name, maker.family_name
ORDER BY min(l.no);

-- name: lock_mandates
-- What partners were given by people of the region, as a representation reads.
SELECT g.id, 'mandate' AS kind, g.person_id, g.partner_id AS representative_id, g.powers, g.limit_cents, g.starts_on, g.ends_on,
    g.revoked_at IS NOT NULL AS is_revoked, true AS is_accepted, NULL::date AS checked_on, false AS shares_titles,
    m.id AS membership_id, p.born_on
FROM identity.mandate AS g
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = g.person_id
JOIN identity.person AS p ON p.id = g.person_id
WHERE g.region_id = $1 AND g.id = ANY ($2)
ORDER BY g.id
FOR SHARE OF g;

-- name: lock_served
-- Whom a service helps. It began on a day, and ends when it is stopped.
SELECT c.id, 'service' AS kind, c.person_id, c.partner_id AS representative_id, '{book,pay}'::text[] AS powers,
    NULL::bigint AS limit_cents, (c.started_at AT TIME ZONE 'Europe/Brussels')::date AS starts_on, NULL::date AS ends_on,
    c.ended_at IS NOT NULL AS is_revoked, true AS is_accepted, NULL::date AS checked_on, false AS shares_titles,
    m.id AS membership_id, p.born_on
FROM identity.service_client AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = c.person_id
JOIN identity.person AS p ON p.id = c.person_id
WHERE c.region_id = $1 AND c.id = ANY ($2)
ORDER BY c.id
FOR SHARE OF c;

-- name: read_served
-- For whom a partner may do something: by a mandate, and where $3 also whom its service helps.
SELECT g.id, g.kind, g.person_id, $2::uuid AS representative_id, g.powers, g.limit_cents, g.starts_on, g.ends_on,
    false AS is_revoked, true AS is_accepted, NULL::date AS checked_on, false AS shares_titles,
    m.id AS membership_id, p.born_on, p.given_name, p.family_name, g.dossier
FROM (
    SELECT id, 'mandate' AS kind, person_id, powers, limit_cents, starts_on, ends_on, NULL::text AS dossier
    FROM identity.mandate
    WHERE region_id = $1 AND partner_id = $2 AND revoked_at IS NULL
    UNION ALL
    SELECT id, 'service', person_id, '{book,pay}', NULL, (started_at AT TIME ZONE 'Europe/Brussels')::date, NULL, dossier
    FROM identity.service_client
    WHERE region_id = $1 AND partner_id = $2 AND ended_at IS NULL AND $3
) AS g
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = g.person_id AND m.status = 'active'
JOIN identity.person AS p ON p.id = g.person_id
ORDER BY p.family_name, p.given_name, g.id;

-- name: find_given_to_partner
-- What a partner was given for one member, by the id of the mandate, or of the help of its service.
SELECT g.id, g.kind, g.person_id, $2::uuid AS representative_id, g.powers, g.limit_cents, g.starts_on, g.ends_on,
    false AS is_revoked, true AS is_accepted, NULL::date AS checked_on, false AS shares_titles,
    m.id AS membership_id, p.born_on, p.given_name
FROM (
    SELECT id, 'mandate' AS kind, person_id, powers, limit_cents, starts_on, ends_on
    FROM identity.mandate
    WHERE region_id = $1 AND partner_id = $2 AND id = $3 AND revoked_at IS NULL
    UNION ALL
    SELECT id, 'service', person_id, '{book,pay}', NULL, (started_at AT TIME ZONE 'Europe/Brussels')::date, NULL
    FROM identity.service_client
    WHERE region_id = $1 AND partner_id = $2 AND id = $3 AND ended_at IS NULL
) AS g
JOIN passes.membership AS m ON m.region_id = $1 AND m.person_id = g.person_id AND m.status = 'active'
JOIN identity.person AS p ON p.id = g.person_id;
