-- name: read_closes
-- Of every legal entity of a region.
SELECT y.year, y.transfers, y.moved_cents, y.digest, y.signature, y.asked_by, a.name AS asked_by_name, y.asked_at,
    c.name AS confirmed_by_name, y.confirmed_at, y.archive_digest, y.archived_at, y.erased_at, y.legal_entity_id AS entity_id
FROM credits.year_close AS y
LEFT JOIN identity.staff AS a ON a.id = y.asked_by
LEFT JOIN identity.staff AS c ON c.id = y.confirmed_by
WHERE y.region_id = $1;

-- name: read_close
SELECT y.year, y.transfers, y.moved_cents, y.digest, y.signature, y.asked_by, a.name AS asked_by_name, y.asked_at,
    c.name AS confirmed_by_name, y.confirmed_at, y.archive_digest, y.archived_at, y.erased_at
FROM credits.year_close AS y
LEFT JOIN identity.staff AS a ON a.id = y.asked_by
LEFT JOIN identity.staff AS c ON c.id = y.confirmed_by
WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.year = $3;

-- name: lock_close
SELECT 1 FROM credits.year_close AS y WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.year = $3 FOR UPDATE;

-- name: first_open_year
-- The first year before $3 in which something moved and that was not closed; NULL when there is none.
SELECT min(extract(year FROM t.at AT TIME ZONE 'Europe/Brussels'))::integer
FROM credits.transfer AS t
JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id AND d.legal_entity_id = $2
WHERE t.region_id = $1 AND t.at < $3 AND t.at >= coalesce((
    SELECT credits.year_end(max(y.year)) FROM credits.year_close AS y
    WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.confirmed_at IS NOT NULL
), '-infinity');

-- name: years_moved
-- Of these years, those in which something moved in the books of a legal entity.
SELECT l.id AS entity_id, y.year
FROM credits.legal_entity AS l
CROSS JOIN unnest($2::integer[]) AS y (year)
WHERE l.region_id = $1 AND EXISTS (
    SELECT 1 FROM credits.transfer AS t
    JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id AND d.legal_entity_id = l.id
    WHERE t.region_id = $1 AND t.at >= credits.year_end(y.year - 1) AND t.at < credits.year_end(y.year)
);

-- name: sum_year
SELECT count(*)::integer AS transfers, coalesce(sum(t.amount_cents), 0)::bigint AS moved_cents,
    sha256(coalesce(string_agg(sha256(convert_to(concat_ws('|', t.id, t.kind, t.debit_id, t.credit_id, t.amount_cents,
        to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), coalesce(t.purse_id::text, ''),
        coalesce(t.booking_id::text, ''), coalesce(t.line_no::text, ''), coalesce(t.payment_id::text, ''),
        coalesce(t.reference, ''), coalesce(t.reverses_id::text, '')
    ), 'UTF8')), ''::bytea ORDER BY t.id), ''::bytea)) AS digest
FROM credits.transfer AS t
JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id AND d.legal_entity_id = $2
WHERE t.region_id = $1 AND t.at >= $3 AND t.at < $4 AND t.kind <> 'carried';

-- name: read_unfinished
SELECT (
    SELECT count(*) FROM credits.till_session AS w
    JOIN credits.till AS k ON k.region_id = $1 AND k.id = w.till_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = k.seller_id AND s.legal_entity_id = $2
    WHERE w.region_id = $1 AND w.opened_at >= $3 AND w.opened_at < $4 AND w.closed_at IS NULL
) AS tills, (
    SELECT count(*) FROM credits.payment AS p
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
    WHERE p.region_id = $1 AND p.made_at >= $3 AND p.made_at < $4 AND p.status = 'pending' AND p.means <> 'invoice'
) AS payments;

-- name: read_owed
-- Refunds that were decided by then and not done, and what a bank holds back.
SELECT r.refunds, r.refund_cents, d.cents AS disputed_cents
FROM (
    SELECT count(*) AS refunds, coalesce(sum(f.amount_cents - f.by_bank_cents), 0)::bigint AS refund_cents
    FROM credits.refund AS f
    JOIN credits.payment AS p ON p.region_id = $1 AND p.id = f.payment_id
    JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
    WHERE f.region_id = $1 AND f.decided_at < $3 AND (f.done_at IS NULL OR f.done_at >= $3)
) AS r
CROSS JOIN (
    SELECT coalesce(sum(CASE t.credit_id WHEN s.disputed_account_id THEN t.amount_cents ELSE -t.amount_cents END), 0)::bigint AS cents
    FROM credits.seller AS s
    JOIN credits.transfer AS t ON t.region_id = $1 AND s.disputed_account_id IN (t.debit_id, t.credit_id) AND t.at < $3
    WHERE s.region_id = $1 AND s.legal_entity_id = $2
) AS d;

-- name: read_balances
-- What the last year that was closed ended with, and what moved in this one.
WITH leg AS (
    SELECT b.account_id, b.balance_cents AS cents FROM credits.closing_balance AS b
    WHERE b.region_id = $1 AND b.legal_entity_id = $2 AND b.year = (
        SELECT max(y.year) FROM credits.year_close AS y
        WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.year < $3 AND y.confirmed_at IS NOT NULL
    )
    UNION ALL
    SELECT t.credit_id, t.amount_cents FROM credits.transfer AS t
    WHERE t.region_id = $1 AND t.at >= $4 AND t.at < $5 AND t.kind <> 'carried'
    UNION ALL
    SELECT t.debit_id, -t.amount_cents FROM credits.transfer AS t
    WHERE t.region_id = $1 AND t.at >= $4 AND t.at < $5 AND t.kind <> 'carried'
), stands AS (
    SELECT l.account_id, sum(l.cents)::bigint AS cents FROM leg AS l GROUP BY l.account_id HAVING sum(l.cents) <> 0
)
SELECT a.kind::text, coalesce(o.name, p.name, '') AS owner, count(*) AS accounts, sum(s.cents)::bigint AS cents
FROM stands AS s
JOIN credits.account AS a ON a.region_id = $1 AND a.id = s.account_id AND a.legal_entity_id = $2
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = a.owner_id
LEFT JOIN credits.fund AS f ON f.region_id = $1 AND f.id = a.owner_id
LEFT JOIN credits.programme AS p ON p.region_id = $1 AND p.id = f.programme_id
GROUP BY a.kind, coalesce(o.name, p.name, '')
ORDER BY a.kind, coalesce(o.name, p.name, '');

-- name: write_request
INSERT INTO credits.year_close AS y
    (region_id, legal_entity_id, year, transfers, moved_cents, digest, signature, asked_by, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, legal_entity_id, year) DO UPDATE
SET transfers = excluded.transfers, moved_cents = excluded.moved_cents, digest = excluded.digest, signature = excluded.signature,
    asked_by = excluded.asked_by, asked_at = excluded.asked_at
WHERE y.confirmed_at IS NULL;

-- name: write_confirmation
UPDATE credits.year_close SET confirmed_by = $4, confirmed_at = $5
WHERE region_id = $1 AND legal_entity_id = $2 AND year = $3 AND confirmed_at IS NULL;

-- name: write_balances
WITH leg AS (
    SELECT b.account_id, b.balance_cents AS cents FROM credits.closing_balance AS b
    WHERE b.region_id = $1 AND b.legal_entity_id = $2 AND b.year = (
        SELECT max(y.year) FROM credits.year_close AS y
        WHERE y.region_id = $1 AND y.legal_entity_id = $2 AND y.year < $3 AND y.confirmed_at IS NOT NULL
    )
    UNION ALL
    SELECT t.credit_id, t.amount_cents FROM credits.transfer AS t
    WHERE t.region_id = $1 AND t.at >= $4 AND t.at < $5 AND t.kind <> 'carried'
    UNION ALL
    SELECT t.debit_id, -t.amount_cents FROM credits.transfer AS t
    WHERE t.region_id = $1 AND t.at >= $4 AND t.at < $5 AND t.kind <> 'carried'
)
INSERT INTO credits.closing_balance (region_id, legal_entity_id, year, account_id, balance_cents)
SELECT $1, $2, $3, l.account_id, sum(l.cents)::bigint
FROM leg AS l
JOIN credits.account AS a ON a.region_id = $1 AND a.id = l.account_id AND a.legal_entity_id = $2
GROUP BY l.account_id
HAVING sum(l.cents) <> 0;

-- name: write_vat
INSERT INTO credits.closing_vat (region_id, legal_entity_id, year, month, vat_code, rate_bp, gross_cents)
SELECT $1, $2, $3, r.month, r.vat_code, r.rate_bp, r.gross_cents
FROM json_to_recordset($4::json) AS r (month smallint, vat_code text, rate_bp integer, gross_cents bigint);
