-- name: open_refunds
SELECT g.slug AS region, r.id, o.name AS organiser, r.booking_id, r.amount_cents - r.by_bank_cents AS amount_cents,
    r.way::text AS way, r.status::text AS status, r.failure, r.decided_at
FROM credits.refund AS r
JOIN credits.payment AS p ON p.region_id = r.region_id AND p.id = r.payment_id
JOIN organisers.organiser AS o ON o.region_id = r.region_id AND o.id = p.seller_id
JOIN uit.region AS g ON g.id = r.region_id
WHERE r.status <> 'done'
ORDER BY r.decided_at, r.id
LIMIT 1000;

-- name: stuck_events
SELECT id, type, received_at, attempts::integer AS attempts, outcome FROM credits.provider_event
WHERE due_at IS NOT NULL AND attempts >= $1 OR due_at IS NULL AND outcome NOT IN ('done', 'not_ours', 'takes_no_money')
ORDER BY received_at, id
LIMIT 1000;

-- name: open_differences
SELECT g.slug AS region, f.id, o.name AS organiser, f.kind, f.external_id, f.day, f.expected_cents, f.found_cents
FROM credits.difference AS f
JOIN organisers.organiser AS o ON o.region_id = f.region_id AND o.id = f.seller_id
JOIN uit.region AS g ON g.id = f.region_id
WHERE f.closed_at IS NULL
ORDER BY f.day, f.id
LIMIT 1000;
