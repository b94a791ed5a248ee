-- name: read_last_sign_in
SELECT signed_in_on FROM identity.person WHERE id = $1;

-- name: read_purses
SELECT p.name AS programme, g.granted_at, g.lapses_at, g.granted_cents, g.available_cents, g.held_cents, g.spent_cents,
    g.lapsed_cents
FROM credits.purse AS g
JOIN credits.programme AS p ON p.region_id = $1 AND p.id = g.programme_id
WHERE g.region_id = $1 AND g.wallet_id = $2
ORDER BY g.granted_at DESC, g.id;

-- name: read_lines
-- Of what they hold, their own lines; of what they claimed, all of it.
WITH own AS (
    SELECT booking_id, no FROM reservations.line WHERE region_id = $1 AND holder_id = $2
    UNION
    SELECT l.booking_id, l.no FROM reservations.claimed_booking AS c
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE c.region_id = $1 AND c.membership_id = $2
)
SELECT l.booking_id, b.made_at, b.channel::text, e.name AS activity, o.name AS organiser, s.starts_at,
    l.tariff_code AS tariff, l.places::integer, l.price_cents, l.credit_cents, t.statuses
FROM own
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = own.booking_id AND l.no = own.no
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT status::text ORDER BY status::text) AS statuses
    FROM reservations.ticket
    WHERE region_id = $1 AND booking_id = l.booking_id AND line_no = l.no
) AS t
ORDER BY b.made_at DESC, l.booking_id, l.no;

-- name: read_contacts
SELECT n.booking_id, n.name, n.email
FROM reservations.claimed_booking AS c
JOIN reservations.contact AS n ON n.region_id = $1 AND n.booking_id = c.booking_id
WHERE c.region_id = $1 AND c.membership_id = $2
ORDER BY n.booking_id;

-- name: read_sign_ins
-- None of their secrets, nor a digest of one.
SELECT kind, created_at, expires_at
FROM (
    SELECT 'session' AS kind, created_at, expires_at FROM identity.session WHERE person_id = $1
    UNION ALL
    SELECT 'device', created_at, expires_at FROM identity.device WHERE person_id = $1
    UNION ALL
    SELECT 'link', created_at, expires_at FROM identity.link WHERE person_id = $1
    UNION ALL
    SELECT 'token', created_at, expires_at FROM identity.access_token WHERE person_id = $1
) AS given
ORDER BY created_at DESC, kind;

-- name: read_foreign_ids
SELECT kind::text, source, foreign_id
FROM uit.foreign_id
WHERE region_id = $1 AND owner IN (
    SELECT $2::uuid UNION ALL SELECT $3 UNION ALL SELECT id FROM passes.card WHERE region_id = $1 AND membership_id = $2
)
ORDER BY kind, source, foreign_id;

-- name: read_own_households
SELECT household_id, role, starts_on, ends_on
FROM passes.household_member
WHERE region_id = $1 AND membership_id = $2
ORDER BY starts_on DESC, household_id;

-- name: read_representations
SELECT kind::text, person_id = $1 AS is_for_them, powers, limit_cents, starts_on, ends_on, revoked_at
FROM identity.representation
WHERE person_id = $1 OR representative_id = $1
ORDER BY starts_on DESC, id;

-- name: read_acts
SELECT at, act, actor_kind AS by
FROM uit.audit
WHERE region_id = $1 AND subject_kind = 'person' AND subject_id = $2
ORDER BY at DESC, id DESC;
