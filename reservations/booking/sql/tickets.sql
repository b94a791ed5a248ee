-- name: read_booker
SELECT p.id AS person_id, p.given_name, p.email
FROM reservations.booking AS b
JOIN passes.membership AS m ON m.region_id = b.holder_region_id AND m.id = b.holder_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE b.region_id = $1 AND b.id = $2;

-- name: coming_bookings
SELECT min(s.starts_at) AS starts_at, b.id
FROM passes.membership AS m
JOIN reservations.booking AS b ON b.holder_region_id = m.region_id AND b.holder_id = m.id AND b.region_id = $1
JOIN reservations.ticket AS t ON t.region_id = b.region_id AND t.booking_id = b.id AND t.status IN ('held', 'confirmed')
JOIN reservations.session AS s ON s.region_id = t.region_id AND s.id = t.session_id AND s.ends_at > $3
WHERE m.person_id = $2
GROUP BY b.id
ORDER BY 1, 2
LIMIT $4;

-- name: past_bookings
-- All that is not coming: what was, and what was given up.
SELECT max(s.starts_at) AS starts_at, b.id
FROM passes.membership AS m
JOIN reservations.booking AS b ON b.holder_region_id = m.region_id AND b.holder_id = m.id AND b.region_id = $1
JOIN reservations.ticket AS t ON t.region_id = b.region_id AND t.booking_id = b.id
JOIN reservations.session AS s ON s.region_id = t.region_id AND s.id = t.session_id
WHERE m.person_id = $2
GROUP BY b.id
HAVING NOT bool_or(t.status IN ('held', 'confirmed') AND s.ends_at > $3) AND (max(s.starts_at), b.id) < ($4, $5)
ORDER BY 1 DESC, 2 DESC
LIMIT $6;

-- name: read_outings
SELECT b.id AS booking_id, b.made_at, s.id AS session_id, s.event_id, e.name, s.domain::text, e.type_label,
    s.attendance::text, e.online_url, s.status::text AS session_status, s.status_reason,
    s.starts_at, s.ends_at, s.cancel_until, coalesce(v.name, '') AS venue, coalesce(v.street, '') AS street,
    coalesce(v.postal_code, '') AS postal_code, coalesce(v.locality, '') AS town, o.name AS organiser, o.phone,
    l.places, l.credit_cents, t.statuses
FROM reservations.booking AS b
CROSS JOIN LATERAL (
    SELECT session_id, sum(places)::integer AS places, sum(credit_cents)::integer AS credit_cents
    FROM reservations.line
    WHERE region_id = b.region_id AND booking_id = b.id
    GROUP BY session_id
) AS l
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT status::text) AS statuses
    FROM reservations.ticket
    WHERE region_id = b.region_id AND booking_id = b.id AND session_id = l.session_id
) AS t
JOIN reservations.session AS s ON s.region_id = b.region_id AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = s.region_id AND e.id = s.event_id
JOIN organisers.organiser AS o ON o.region_id = s.region_id AND o.id = s.organiser_id
LEFT JOIN organisers.venue AS v ON v.region_id = e.region_id AND v.id = e.venue_id
WHERE b.region_id = $1 AND b.id = ANY ($2)
ORDER BY s.starts_at, b.id;

-- name: read_tickets
SELECT t.session_id, t.line_no, t.no, t.status::text, t.seat,
    reservations.label_of(f) AS label
FROM reservations.ticket AS t
JOIN reservations.line AS l ON l.region_id = t.region_id AND l.booking_id = t.booking_id AND l.no = t.line_no
LEFT JOIN reservations.tariff AS f
    ON f.region_id = l.region_id AND f.session_id = l.session_id AND f.code = l.tariff_code
WHERE t.region_id = $1 AND t.booking_id = $2
ORDER BY t.line_no, t.no
LIMIT $3 OFFSET $4;
