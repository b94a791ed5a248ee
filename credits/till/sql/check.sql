-- name: till_sessions_unlike_movements
-- What a closing says the books expected, what it left, and what the next session of that till began with. Of a session that was
-- opened in a year that was erased, rows may be gone.
WITH erased AS (
    SELECT k.region_id, k.id AS till_id, credits.year_end(max(y.year)) AS until
    FROM credits.till AS k
    JOIN credits.seller AS s ON s.region_id = k.region_id AND s.organiser_id = k.seller_id
    JOIN credits.year_close AS y
        ON y.region_id = k.region_id AND y.legal_entity_id = s.legal_entity_id AND y.erased_at IS NOT NULL
    GROUP BY k.region_id, k.id
), drawer AS (
    SELECT s.region_id, s.id, s.carried_cents
        + coalesce((SELECT sum(m.amount_cents) FROM credits.till_movement AS m
            WHERE m.region_id = s.region_id AND m.till_session_id = s.id), 0)
        + coalesce((SELECT sum(r.rounding_cents) FROM credits.receipt AS r
            WHERE r.region_id = s.region_id AND r.till_session_id = s.id), 0)
        + coalesce((SELECT sum(t.amount_cents) FROM credits.receipt AS r
            JOIN credits.tender AS t ON t.region_id = r.region_id AND t.receipt_id = r.id AND t.means = 'cash'
            WHERE r.region_id = s.region_id AND r.till_session_id = s.id), 0) AS cents
    FROM credits.till_session AS s
)
SELECT s.region_id, s.id AS subject_id, x.expected::bigint AS expected_cents, x.found AS found_cents
FROM credits.till_session AS s
JOIN drawer AS d ON d.region_id = s.region_id AND d.id = s.id
LEFT JOIN credits.till_session AS before
    ON before.region_id = s.region_id AND before.till_id = s.till_id AND before.no = s.no - 1
LEFT JOIN erased AS e ON e.region_id = s.region_id AND e.till_id = s.till_id
CROSS JOIN LATERAL (VALUES
    (d.cents, s.left_cents), (CASE s.no WHEN 1 THEN 0 ELSE before.left_cents END, s.carried_cents),
    (CASE WHEN s.closed_at IS NULL THEN d.cents END, s.expected_cents)
) AS x (expected, found)
WHERE x.expected <> x.found AND (s.opened_at < e.until) IS NOT true
LIMIT $1;

-- name: tills_unlike_transfers
-- The till account of a seller holds what its drawers hold: each its last session.
WITH leg AS (
    SELECT t.region_id, t.credit_id AS account_id, t.amount_cents FROM credits.transfer AS t
    UNION ALL
    SELECT t.region_id, t.debit_id, -t.amount_cents FROM credits.transfer AS t
), held AS (
    SELECT t.region_id, t.seller_id, sum(coalesce(last.left_cents, d.cents)) AS cents
    FROM credits.till AS t
    CROSS JOIN LATERAL (
        SELECT s.id, s.left_cents FROM credits.till_session AS s
        WHERE s.region_id = t.region_id AND s.till_id = t.id ORDER BY s.no DESC LIMIT 1
    ) AS last
    CROSS JOIN LATERAL credits.drawer_cents(t.region_id, ARRAY[last.id]) AS d
    GROUP BY t.region_id, t.seller_id
)
SELECT s.region_id, s.till_account_id AS subject_id, coalesce(l.cents, 0)::bigint AS expected_cents,
    coalesce(h.cents, 0)::bigint AS found_cents
FROM credits.seller AS s
LEFT JOIN held AS h ON h.region_id = s.region_id AND h.seller_id = s.organiser_id
LEFT JOIN (SELECT region_id, account_id, sum(amount_cents) AS cents FROM leg GROUP BY region_id, account_id) AS l
    ON l.region_id = s.region_id AND l.account_id = s.till_account_id
WHERE coalesce(l.cents, 0) <> coalesce(h.cents, 0)
LIMIT $1;

-- name: receipts_numbered_with_gaps
-- Numbers begin at 1 and skip none, so the last one is also how many there are. In a year that was erased, some may be gone.
SELECT coalesce(s.region_id, r.region_id) AS region_id, coalesce(s.seller_id, r.seller_id) AS subject_id,
    s.last_no::bigint AS expected_cents, r.count AS found_cents
FROM credits.receipt_series AS s
FULL JOIN (
    SELECT region_id, seller_id, year, count(*) AS count, max(no) AS last_no FROM credits.receipt
    GROUP BY region_id, seller_id, year
) AS r ON r.region_id = s.region_id AND r.seller_id = s.seller_id AND r.year = s.year
WHERE (s.last_no = r.count AND s.last_no = r.last_no) IS NOT true
    AND NOT EXISTS (
        SELECT 1 FROM credits.seller AS o
        JOIN credits.year_close AS y
            ON y.region_id = o.region_id AND y.legal_entity_id = o.legal_entity_id AND y.erased_at IS NOT NULL
        WHERE o.region_id = coalesce(s.region_id, r.region_id) AND o.organiser_id = coalesce(s.seller_id, r.seller_id)
            AND y.year >= coalesce(s.year, r.year)
    )
LIMIT $1;

-- name: till_rows_unlike_transfers
-- Whatever is paid, rounded or moved at a till is a transfer of that amount under the same id, and the other way round.
WITH kept AS (
    SELECT t.region_id, t.id, t.amount_cents::bigint AS cents, 'receipt' AS kind
    FROM credits.tender AS t WHERE t.means <> 'credit'
    UNION ALL
    SELECT r.region_id, r.rounding_id, abs(r.rounding_cents), 'rounding' FROM credits.receipt AS r WHERE r.rounding_cents <> 0
    UNION ALL
    SELECT m.region_id, m.id, abs(m.amount_cents), m.kind::text FROM credits.till_movement AS m
), moved AS (
    SELECT t.region_id, t.id, t.amount_cents, t.kind::text AS kind
    FROM credits.transfer AS t
    WHERE t.kind IN ('receipt', 'rounding', 'float', 'drop', 'difference') OR t.kind <> 'carried' AND EXISTS (
        SELECT 1 FROM credits.seller AS s
        WHERE s.region_id = t.region_id AND s.till_account_id IN (t.debit_id, t.credit_id)
    )
)
SELECT coalesce(k.region_id, m.region_id) AS region_id, coalesce(k.id, m.id) AS subject_id, k.cents AS expected_cents,
    m.amount_cents AS found_cents
FROM kept AS k
FULL JOIN moved AS m ON m.region_id = k.region_id AND m.id = k.id
WHERE (k.cents = m.amount_cents AND k.kind = m.kind) IS NOT true
LIMIT $1;

-- name: receipts_not_paid
SELECT r.region_id, r.id AS subject_id, x.expected::bigint AS expected_cents, r.total_cents::bigint AS found_cents
FROM credits.receipt AS r
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount_cents), 0) FROM credits.receipt_line AS l
    WHERE l.region_id = r.region_id AND l.receipt_id = r.id
    UNION ALL
    SELECT coalesce(sum(t.amount_cents), 0) FROM credits.tender AS t
    WHERE t.region_id = r.region_id AND t.receipt_id = r.id
) AS x (expected)
WHERE x.expected <> r.total_cents
LIMIT $1;
