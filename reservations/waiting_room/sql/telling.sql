-- name: read_told
-- Whom an entry is of, and what they wait for; of a group those who work with it, at a moment.
SELECT q.id, m.person_id, q.email, g.partner_id, q.group_id, coalesce((
        SELECT array_agg(DISTINCT f.email)
        FROM identity.role AS r
        JOIN identity.staff AS f ON f.id = r.staff_id AND f.ended_at IS NULL
        WHERE r.region_id = $1 AND r.role = 'group_worker' AND r.partner_id = g.partner_id
            AND r.starts_at <= $4 AND (r.ends_at IS NULL OR r.ends_at > $4)
    ), '{}') AS worker_emails, q.proven_at, q.turn_until, q.booking_id, w.end_reason,
    coalesce(e.name_translations ->> (SELECT p.language FROM identity.person AS p WHERE p.id = m.person_id), e.name) AS name, e.is_discreet, s.id AS session_id,
    s.starts_at, s.ends_at
FROM reservations.queue_entry AS q
JOIN reservations.waiting_room AS w ON w.region_id = $1 AND w.session_id = q.session_id
JOIN reservations.session AS s ON s.region_id = $1 AND s.id = q.session_id
JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
LEFT JOIN passes.group_pass AS g ON g.region_id = $1 AND g.id = q.group_id
LEFT JOIN passes.membership AS m ON m.region_id = $1 AND m.id = q.membership_id
WHERE q.region_id = $1 AND q.session_id = $2 AND q.id = $3;
