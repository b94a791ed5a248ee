-- name: read_helpers
-- Who may act for somebody, or did, but for who was stopped.
SELECT r.id, r.kind::text, r.person_id, r.representative_id, r.powers, r.limit_cents, r.starts_on, r.ends_on,
    false AS is_revoked, r.accepted_at IS NOT NULL AS is_accepted, r.checked_on, r.shares_titles,
    p.given_name || ' ' || p.family_name AS name, p.is_protected
FROM identity.representation AS r
JOIN identity.person AS p ON p.id = r.representative_id
WHERE r.person_id = $1 AND r.revoked_at IS NULL
ORDER BY r.created_at, r.id;

-- name: read_deeds
-- What others booked for a member, latest first; not what they booked for themselves along with others.
SELECT b.id AS booking_id, b.made_at, p.given_name || ' ' || p.family_name AS made_by, e.name AS activity
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    AND b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/')
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN identity.person AS p ON p.id::text = substr(b.actor_id, 8) AND p.id <> m.person_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE l.region_id = $1 AND l.holder_id = $2
ORDER BY b.made_at DESC, b.id, l.no
LIMIT $3;

-- name: bookings_made_for
-- What somebody booked for a member, latest date first.
SELECT max(s.starts_at) AS starts_at, b.id
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id
    AND b.actor_kind = 'holder' AND b.actor_id = $3
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
WHERE l.region_id = $1 AND l.holder_id = $2
GROUP BY b.id
ORDER BY 1 DESC, 2 DESC
LIMIT $4;

-- name: bookings_coming
-- Where a member goes, but for what others booked for them. What they booked for others too is theirs.
SELECT min(s.starts_at) AS starts_at, b.id
FROM reservations.line AS l
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id AND NOT starts_with(b.actor_id, 'partner/')
    AND (NOT starts_with(b.actor_id, 'person/') OR b.actor_id = 'person/' || m.person_id)
JOIN reservations.ticket AS t
    ON t.region_id = $1 AND t.booking_id = l.booking_id AND t.line_no = l.no AND t.status IN ('held', 'confirmed')
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id AND s.ends_at > $3
WHERE l.region_id = $1 AND l.holder_id = $2
GROUP BY b.id
ORDER BY 1, 2
LIMIT $4;
