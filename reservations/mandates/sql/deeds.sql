-- name: read_partner_deeds
-- What was booked for a member by what their person gave a partner or by the help of a service, also what ended since. A card of turns is of when it was bought.
WITH given AS (
    SELECT 'partner/' || g.id::text AS actor_id, g.partner_id
    FROM identity.mandate AS g
    WHERE g.region_id = $1 AND g.person_id = $2
    UNION ALL
    SELECT 'partner/' || c.id::text, c.partner_id
    FROM identity.service_client AS c
    WHERE c.region_id = $1 AND c.person_id = $2
)
SELECT l.booking_id, p.name AS partner, e.name AS activity,
    CASE WHEN c.session_id IS NULL THEN s.starts_at ELSE b.made_at END AS starts_at,
    coalesce(sum(t.weight) FILTER (WHERE t.status IN ('held', 'confirmed', 'attended', 'no_show')), 0)::integer AS people,
    (l.credit_cents - sum(t.returned_cents))::integer AS credit_cents
FROM reservations.line AS l
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = l.booking_id AND b.actor_kind = 'holder'
JOIN given AS g ON g.actor_id = b.actor_id
JOIN identity.partner AS p ON p.region_id = $1 AND p.id = g.partner_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN reservations.turn_card AS c ON c.region_id = $1 AND c.session_id = l.session_id
JOIN reservations.ticket AS t ON t.region_id = $1 AND t.booking_id = l.booking_id AND t.line_no = l.no
WHERE l.region_id = $1 AND l.holder_id = $3
GROUP BY l.booking_id, l.no, l.credit_cents, p.name, e.name, s.id, s.starts_at, c.session_id, b.made_at
ORDER BY starts_at DESC, l.booking_id, l.no
LIMIT $4;
