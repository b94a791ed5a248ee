-- name: read_entries
-- A booking is one entry with a row for each of its lines, at the moment when it last changed.
WITH mine AS (
    SELECT g.id, g.held_account_id, p.name
    FROM passes.membership AS m
    JOIN credits.purse AS g ON g.region_id = $1 AND g.wallet_id = m.id
    JOIN credits.programme AS p ON p.region_id = $1 AND p.id = g.programme_id
    WHERE m.region_id = $1 AND m.person_id = $2
), moved AS (
    SELECT coalesce(t.booking_id, t.id) AS id, t.booking_id, t.line_no, t.kind, t.at, t.payee_id, mine.name,
        CASE WHEN t.credit_id = mine.id THEN t.amount_cents WHEN t.debit_id = mine.id THEN -t.amount_cents ELSE 0 END
            AS change_cents,
        CASE
            WHEN t.credit_id = mine.held_account_id THEN t.amount_cents
            WHEN t.debit_id = mine.held_account_id THEN -t.amount_cents
            ELSE 0
        END AS held_cents
    FROM mine
    JOIN credits.transfer AS t ON t.region_id = $1 AND t.purse_id = mine.id
), entry AS (
    SELECT id, max(at) AS at FROM moved GROUP BY id
), page AS (
    SELECT id, at FROM entry
    WHERE $3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid)
    ORDER BY at DESC, id DESC
    LIMIT $5
)
SELECT m.id, m.booking_id, m.line_no, min(m.kind) AS kind, sum(m.change_cents)::bigint AS change_cents,
    sum(m.held_cents)::bigint AS held_cents, page.at, coalesce(min(o.name), min(m.name)) AS what
FROM page
JOIN moved AS m ON m.id = page.id
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = m.payee_id
GROUP BY page.at, m.id, m.booking_id, m.line_no
ORDER BY page.at DESC, m.id DESC, m.line_no;
