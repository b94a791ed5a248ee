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
-- Of what they hold, their own lines; of what they claimed, all of it. A card of turns is of the moment when it was bought.
WITH own AS (
    SELECT booking_id, no FROM reservations.line WHERE region_id = $1 AND holder_id = $2
    UNION
    SELECT l.booking_id, l.no FROM reservations.claimed_booking AS c
    JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = c.booking_id
    WHERE c.region_id = $1 AND c.membership_id = $2
)
SELECT l.booking_id, b.made_at, b.channel::text, e.name AS activity, o.name AS organiser,
    CASE WHEN c.session_id IS NULL THEN s.starts_at ELSE b.made_at END AS starts_at,
    l.tariff_code AS tariff, l.places::integer, l.price_cents, l.credit_cents, t.statuses,
    a.booking_id IS NOT NULL AS stayed_away
FROM own
JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = own.booking_id AND l.no = own.no
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = s.organiser_id
LEFT JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = l.session_id
LEFT JOIN reservations.absence AS a ON a.region_id = $1 AND a.booking_id = l.booking_id AND a.session_id = l.session_id
    AND a.membership_id = $2
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

-- name: read_waiting
-- Of several who wait together only their own places.
SELECT e.name AS activity, o.name AS organiser, (
        SELECT coalesce(jsonb_agg(l.value - 'membership_id'), '[]')::text FROM jsonb_array_elements(w.lines) AS l
        WHERE coalesce((l.value ->> 'membership_id')::uuid, w.membership_id) = $2
    ) AS places, w.joined_at, w.state, w.state_at
FROM reservations.waiting_entry AS w
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = w.event_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = e.organiser_id
WHERE w.region_id = $1
    AND (w.membership_id = $2 OR w.lines @> jsonb_build_array(jsonb_build_object('membership_id', $2::uuid)))
ORDER BY w.joined_at DESC, w.id;

-- name: read_notes
-- What organisers noted of bookings in which they have places, or which they claimed.
SELECT DISTINCT n.booking_id, o.name AS organiser, n.note, n.written_at
FROM (
    SELECT booking_id FROM reservations.line WHERE region_id = $1 AND holder_id = $2
    UNION
    SELECT booking_id FROM reservations.claimed_booking WHERE region_id = $1 AND membership_id = $2
) AS own
JOIN reservations.booking_note AS n ON n.region_id = $1 AND n.booking_id = own.booking_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = n.organiser_id
ORDER BY n.written_at DESC, n.booking_id;

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

-- name: read_own_asks
SELECT name, coalesce(email, card_number) AS reached_by, powers, limit_cents, ends_on, asked_at
FROM identity.asked_help
WHERE person_id = $1
ORDER BY asked_at DESC, id;

-- name: read_letters
SELECT written_at, kind, subject, body, posted_at
FROM identity.letter
WHERE region_id = $1 AND person_id = $2
ORDER BY written_at DESC, id;

-- name: read_consent
SELECT email_consent_on FROM identity.person WHERE id = $1;

-- name: read_looks
-- By day, as somebody who is helped at a counter is looked at several times; $3 days at most, null is all. That a social
-- service looked is read by the person alone, who asks $4.
SELECT l.at, l.service, coalesce(t.name, o.name, c.name, p.name) AS name, l.purpose, l.times
FROM (
    SELECT max(at) AS at, service, service_key, purpose, count(*) AS times
    FROM uit.look
    WHERE region_id = $1 AND person_id = $2 AND ($4 OR service <> 'social_service')
    GROUP BY (at AT TIME ZONE 'Europe/Brussels')::date, service, service_key, purpose
    ORDER BY max(at) DESC
    LIMIT $3
) AS l
LEFT JOIN uit.municipality AS t ON l.service = 'counter' AND t.refnis = l.service_key
LEFT JOIN organisers.organiser AS o ON l.service = 'organiser' AND o.region_id = $1 AND o.id::text = l.service_key
LEFT JOIN identity.client AS c ON l.service = 'client' AND c.region_id = $1 AND c.id = l.service_key
LEFT JOIN identity.partner AS p
    ON l.service IN ('social_service', 'partner') AND p.region_id = $1 AND p.id::text = l.service_key
ORDER BY l.at DESC, l.service, l.service_key, l.purpose;

-- name: read_given_mandates
-- Those of social services for the person alone, who asks $3: who reads this at a counter may not know of them.
SELECT 'mandate' AS kind, true AS is_for_them, g.powers, g.limit_cents, g.starts_on, g.ends_on, g.revoked_at
FROM identity.mandate AS g
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id AND ($3 OR p.kind <> 'social_service')
WHERE g.region_id = $1 AND g.person_id = $2
ORDER BY g.starts_on DESC, g.id;

-- name: read_own_services
-- For the person alone.
SELECT p.name, c.started_at, c.ended_at
FROM identity.service_client AS c
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = c.partner_id
WHERE c.region_id = $1 AND c.person_id = $2
ORDER BY c.started_at DESC, c.id;

-- name: read_own_provisional
-- For the person alone.
SELECT p.name AS service, r.given_at, r.ends_on, r.proven_at
FROM passes.provisional_right AS r
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = r.partner_id
WHERE r.region_id = $1 AND r.membership_id = $2
ORDER BY r.given_at DESC, r.id;

-- name: read_acts
SELECT at, act, actor_kind AS by
FROM uit.audit
WHERE region_id = $1 AND subject_kind = 'person' AND subject_id = $2
ORDER BY at DESC, id DESC;
