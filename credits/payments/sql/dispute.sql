-- name: payments_of_references
-- The provider knows a payment by its own id alone, and not its region.
SELECT region_id, id, booking_id, seller_id, account, reference FROM credits.payment
WHERE reference IS NOT NULL AND reference = ANY ($1::text[]) AND means = 'card';

-- name: write_dispute
SELECT credits.follow_dispute($1, $2, $3, $4, $5, $6, $7, $8);

-- name: lock_payment
-- As `credits.follow_dispute` does it: what is read after it, no other report of the same dispute changes.
SELECT FROM credits.payment WHERE region_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: read_status
SELECT status::text FROM credits.dispute WHERE region_id = $1 AND id = $2;

-- name: tell_sellers
-- A message for each of the staff of who sold, and of who it sold for under a mandate; for an organisation without
-- staff one for its own address. Each is a message of its own, so that an address that fails holds up nobody else.
SELECT uit.write_outbox($1, (
    SELECT json_agg(json_build_object('topic', $4::text, 'key', $3::uuid, 'payload', json_build_object(
        'organiser_id', x.organiser_id, 'staff_id', x.staff_id, 'respond_by', $5::timestamptz
    )))
    FROM (
        SELECT DISTINCT ON (coalesce(t.staff_id, o.organiser_id)) o.organiser_id, t.staff_id
        FROM credits.payment AS p
        LEFT JOIN organisers.mandate AS m ON m.region_id = $1 AND m.id = p.mandate_id
        CROSS JOIN LATERAL (VALUES (p.seller_id, 1), (m.organiser_id, 2)) AS o (organiser_id, rank)
        LEFT JOIN LATERAL (
            SELECT r.staff_id FROM identity.role AS r
            JOIN identity.staff AS s ON s.id = r.staff_id AND s.ended_at IS NULL
            WHERE r.region_id = $1 AND r.role = 'organiser' AND r.organiser_id = o.organiser_id
                AND r.starts_at <= $6 AND (r.ends_at IS NULL OR r.ends_at > $6)
        ) AS t ON true
        WHERE p.region_id = $1 AND p.id = $2 AND o.organiser_id IS NOT NULL
        ORDER BY coalesce(t.staff_id, o.organiser_id), o.rank
    ) AS x
), $6);
