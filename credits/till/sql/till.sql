-- name: read_till_owner
-- Who sells for an organiser is itself, or under a mandate its agent.
SELECT o.name, s.organiser_id AS seller_id, e.name AS legal_name, e.enterprise_number
FROM organisers.organiser AS o
LEFT JOIN credits.seller AS own ON own.region_id = $1 AND own.organiser_id = o.id
LEFT JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = coalesce(own.agent_id, own.organiser_id)
LEFT JOIN credits.legal_entity AS e ON e.region_id = $1 AND e.id = s.legal_entity_id
WHERE o.region_id = $1 AND o.id = $2;

-- name: read_tills
SELECT t.id, t.seller_id, t.name, s.id AS session_id, s.no, s.opened_by, w.name AS opened_by_name, s.opened_at, s.counted_at,
    s.closed_at, s.left_cents, t.first_count_no, t.first_counted_by, t.first_count_form,
    t.counter_refnis
FROM credits.till AS t
LEFT JOIN LATERAL (
    SELECT * FROM credits.till_session AS s WHERE s.region_id = $1 AND s.till_id = t.id ORDER BY s.no DESC LIMIT 1
) AS s ON true
LEFT JOIN identity.staff AS w ON w.id = s.opened_by
WHERE t.region_id = $1 AND t.organiser_id = $2
ORDER BY t.name, t.id;

-- name: lock_till
-- Of two who open one till at once, the second waits here. Who works there is read in a later statement.
SELECT id FROM credits.till WHERE region_id = $1 AND organiser_id = $2 AND id = $3 FOR NO KEY UPDATE;

-- name: insert_till
INSERT INTO credits.till (region_id, id, organiser_id, seller_id, name, made_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: lock_session
SELECT credits.lock_till_sessions($1, ARRAY[$2::uuid]);

-- name: read_till_sessions
-- Of an organiser: one session ($3), those that were opened on a day in Flanders ($4), or those closed before a moment ($5), the
-- last that closed first. Who worked there is forgotten long before the accounts are.
SELECT s.id, s.till_id, t.seller_id, t.name AS till, s.no, s.opened_by, o.name AS opened_by_name, s.opened_at, s.carried_cents,
    s.found_cents, s.counted_cents, s.expected_cents, s.counted_at, s.left_cents, s.difference_reason, s.needs_signature,
    s.closed_by, c.name AS closed_by_name, s.closed_at, s.signature::text, s.signature_reason, g.name AS signed_by_name,
    s.refused_drops, t.counter_refnis
FROM credits.till_session AS s
JOIN credits.till AS t ON t.region_id = $1 AND t.id = s.till_id
LEFT JOIN identity.staff AS o ON o.id = s.opened_by
LEFT JOIN identity.staff AS c ON c.id = s.closed_by
LEFT JOIN identity.staff AS g ON g.id = s.signed_by
WHERE s.region_id = $1 AND t.organiser_id = $2 AND ($3::uuid IS NULL OR s.id = $3)
    AND ($4::date IS NULL OR (s.opened_at AT TIME ZONE 'Europe/Brussels')::date = $4)
    AND ($5::timestamptz IS NULL OR s.closed_at < $5)
ORDER BY s.closed_at DESC NULLS FIRST, s.opened_at, s.id
LIMIT $6;

-- name: read_drawer
SELECT d.cents FROM credits.drawer_cents($1, ARRAY[$2::uuid]) AS d;
