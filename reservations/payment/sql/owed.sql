-- name: read_owed
-- Of a seller, the longest owed first: all, or one ($3). Money is owed also when its booking was erased.
SELECT r.id, r.booking_id, e.name AS event, s.starts_at, r.amount_cents - r.by_bank_cents AS amount_cents, r.way,
    r.status, r.code, r.failure, r.decided_at, EXISTS (
        SELECT 1 FROM credits.dispute AS d WHERE d.region_id = $1 AND d.payment_id = r.payment_id AND d.status = 'open'
    ) AS contested
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = r.payment_id
LEFT JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = r.booking_id AND l.no = r.line_no
LEFT JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
LEFT JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE r.region_id = $1 AND p.seller_id = $2 AND r.status <> 'done' AND ($3::uuid IS NULL OR r.id = $3)
ORDER BY r.decided_at, r.id
LIMIT $4;

-- name: read_disputes
-- Those that are open first, and what ended since a moment; also of what another sells for it under a mandate.
SELECT d.booking_id, e.name AS event, s.starts_at, d.amount_cents, d.status::text AS status, d.opened_at,
    CASE WHEN d.seller_id <> $2 THEN o.name END AS agent
FROM credits.dispute AS d
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = d.payment_id
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = d.seller_id
LEFT JOIN organisers.mandate AS m ON m.region_id = $1 AND m.id = p.mandate_id
LEFT JOIN reservations.line AS l ON l.region_id = $1 AND l.booking_id = d.booking_id AND l.no = 1
LEFT JOIN reservations.session AS s ON s.region_id = $1 AND s.id = l.session_id
LEFT JOIN organisers.event AS e ON e.region_id = $1 AND e.id = s.event_id
WHERE d.region_id = $1 AND (d.seller_id = $2 OR m.organiser_id = $2) AND (d.status = 'open' OR d.ended_at > $3)
ORDER BY d.status, d.opened_at DESC
LIMIT $4;
