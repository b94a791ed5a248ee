-- name: read_readers
-- Whom a message to who booked a session is for, for each booking: who made it for others, its first holder, who claimed it, or the
-- guest. Who died is told nothing, and who was merged is reached as the other. Of a group it is who works with it at moment $4.
-- $3: the kind of the message.
SELECT t.booking_id, p.id AS person_id, CASE WHEN given.id IS NULL THEN guest.email ELSE p.email END AS email, p.phone,
    CASE WHEN p.address_doubted_at IS NULL THEN p.address_kind END AS address_kind, p.reached_by, chosen.way AS chosen,
    b.actor_kind = 'holder' AND starts_with(b.actor_id, 'group/') AS is_group, coalesce(worker.number, 0)::integer AS workers
FROM (
    SELECT DISTINCT booking_id FROM reservations.ticket
    WHERE region_id = $1 AND session_id = $2 AND status IN ('held', 'confirmed', 'attended', 'no_show')
) AS t
JOIN reservations.booking AS b ON b.region_id = $1 AND b.id = t.booking_id
LEFT JOIN LATERAL (
    SELECT m.person_id
    FROM reservations.line AS l
    JOIN passes.membership AS m ON m.region_id = $1 AND m.id = l.holder_id
    WHERE l.region_id = $1 AND l.booking_id = t.booking_id
    ORDER BY l.no
    LIMIT 1
) AS holder ON true
LEFT JOIN reservations.claimed_booking AS c ON c.region_id = $1 AND c.booking_id = t.booking_id
LEFT JOIN passes.membership AS claimant ON claimant.region_id = $1 AND claimant.id = c.membership_id
LEFT JOIN reservations.contact AS guest ON guest.region_id = $1 AND guest.booking_id = t.booking_id
LEFT JOIN LATERAL (
    SELECT count(DISTINCT r.staff_id) AS number
    FROM reservations.line AS l
    JOIN passes.group_pass AS g ON g.region_id = $1 AND g.id = l.holder_id
    JOIN identity.role AS r ON r.region_id = $1 AND r.role = 'group_worker' AND r.partner_id = g.partner_id
        AND r.starts_at <= $4 AND (r.ends_at IS NULL OR r.ends_at > $4)
    JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
    WHERE l.region_id = $1 AND l.booking_id = t.booking_id
) AS worker ON b.actor_kind = 'holder' AND starts_with(b.actor_id, 'group/')
LEFT JOIN identity.person AS given ON given.id = coalesce(
    CASE WHEN b.actor_kind = 'holder' AND starts_with(b.actor_id, 'person/') THEN substr(b.actor_id, 8)::uuid END,
    holder.person_id, claimant.person_id
)
LEFT JOIN identity.person AS p ON p.id = coalesce(given.merged_into, given.id) AND p.died_on IS NULL
LEFT JOIN identity.message_setting AS chosen ON chosen.person_id = p.id AND chosen.kind = $3
ORDER BY t.booking_id;
