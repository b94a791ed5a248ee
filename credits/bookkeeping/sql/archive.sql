-- name: write_archive
UPDATE credits.year_close SET archive_digest = $4, archived_at = coalesce(archived_at, $5)
WHERE region_id = $1 AND legal_entity_id = $2 AND year = $3 AND confirmed_at IS NOT NULL AND erased_at IS NULL;

-- name: allow_long
-- For one transaction: the rows of a year of a large town take longer than a page may.
SELECT set_config('statement_timeout', '0', true);

-- name: archived_transfers
-- All of these take the same: region, entity, year, and the moments between which that lies.
SELECT t.* FROM credits.transfer AS t
JOIN credits.account AS d ON d.region_id = $1 AND d.id = t.debit_id AND d.legal_entity_id = $2
WHERE t.region_id = $1 AND t.at >= $4 AND t.at < $5 AND $3::integer > 0
ORDER BY t.id;

-- name: archived_accounts
SELECT a.*, coalesce(o.name, p.name) AS owner FROM credits.account AS a
LEFT JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = a.owner_id
LEFT JOIN credits.fund AS f ON f.region_id = $1 AND f.id = a.owner_id
LEFT JOIN credits.programme AS p ON p.region_id = $1 AND p.id = f.programme_id
WHERE a.region_id = $1 AND a.legal_entity_id = $2 AND $3::integer > 0 AND $4::timestamptz < $5::timestamptz
ORDER BY a.id;

-- name: archived_balances
SELECT b.* FROM credits.closing_balance AS b
WHERE b.region_id = $1 AND b.legal_entity_id = $2 AND b.year = $3 AND $4::timestamptz < $5::timestamptz
ORDER BY b.account_id;

-- name: archived_vat
SELECT v.* FROM credits.closing_vat AS v
WHERE v.region_id = $1 AND v.legal_entity_id = $2 AND v.year = $3 AND $4::timestamptz < $5::timestamptz
ORDER BY v.month, v.vat_code;

-- name: archived_purses
-- Those that were given in the year, as they are now.
SELECT p.* FROM credits.purse AS p
JOIN credits.account AS a ON a.region_id = $1 AND a.id = p.id AND a.legal_entity_id = $2
WHERE p.region_id = $1 AND p.granted_at >= $4 AND p.granted_at < $5 AND $3::integer > 0
ORDER BY p.id;

-- name: archived_resolutions
SELECT r.* FROM credits.resolution AS r
JOIN credits.transfer AS h ON h.region_id = $1 AND h.id = r.hold_id
JOIN credits.account AS d ON d.region_id = $1 AND d.id = h.debit_id AND d.legal_entity_id = $2
WHERE r.region_id = $1 AND r.at >= $4 AND r.at < $5 AND $3::integer > 0
ORDER BY r.hold_id;

-- name: archived_payments
-- Without the addresses of pages that are long gone.
SELECT p.region_id, p.id, p.booking_id, p.seller_id, p.mandate_id, p.means, p.status, p.amount_cents, p.line_cents, p.account,
    p.checkout_id, p.reference, p.made_at, p.opened_at, p.paid_at, p.ended_at
FROM credits.payment AS p
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
WHERE p.region_id = $1 AND p.made_at >= $4 AND p.made_at < $5 AND $3::integer > 0
ORDER BY p.id;

-- name: archived_refunds
-- Those that were decided in the year or done in it. A code gave a right to money, and is left out.
SELECT f.region_id, f.id, f.payment_id, f.booking_id, f.line_no, f.amount_cents, f.by_bank_cents, f.way, f.status, f.reason, f.external_id,
    f.failure, f.decided_at, f.sent_at, f.done_at
FROM credits.refund AS f
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = f.payment_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
WHERE f.region_id = $1 AND $3::integer > 0
    AND (f.decided_at >= $4 AND f.decided_at < $5 OR f.done_at >= $4 AND f.done_at < $5)
ORDER BY f.id;

-- name: archived_till_sessions
SELECT w.* FROM credits.till_session AS w
JOIN credits.till AS k ON k.region_id = $1 AND k.id = w.till_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = k.seller_id AND s.legal_entity_id = $2
WHERE w.region_id = $1 AND w.opened_at >= $4 AND w.opened_at < $5 AND $3::integer > 0
ORDER BY w.id;

-- name: archived_movements
SELECT m.* FROM credits.till_movement AS m
JOIN credits.till_session AS w ON w.region_id = $1 AND w.id = m.till_session_id
JOIN credits.till AS k ON k.region_id = $1 AND k.id = w.till_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = k.seller_id AND s.legal_entity_id = $2
WHERE m.region_id = $1 AND m.made_at >= $4 AND m.made_at < $5 AND $3::integer > 0
ORDER BY m.id;

-- name: archived_receipts
SELECT r.* FROM credits.receipt AS r
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = r.seller_id AND s.legal_entity_id = $2
WHERE r.region_id = $1 AND r.made_at >= $4 AND r.made_at < $5 AND $3::integer > 0
ORDER BY r.year, r.seller_id, r.no;

-- name: archived_receipt_lines
SELECT l.* FROM credits.receipt_line AS l
JOIN credits.receipt AS r ON r.region_id = $1 AND r.id = l.receipt_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = r.seller_id AND s.legal_entity_id = $2
WHERE l.region_id = $1 AND r.made_at >= $4 AND r.made_at < $5 AND $3::integer > 0
ORDER BY l.receipt_id, l.no;

-- name: archived_tenders
SELECT t.* FROM credits.tender AS t
JOIN credits.receipt AS r ON r.region_id = $1 AND r.id = t.receipt_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = r.seller_id AND s.legal_entity_id = $2
WHERE t.region_id = $1 AND r.made_at >= $4 AND r.made_at < $5 AND $3::integer > 0
ORDER BY t.id;

-- name: archived_sold_for
-- Of the payments of the year, as it is now.
SELECT x.* FROM credits.sold_for AS x
JOIN credits.payment AS p ON p.region_id = $1 AND p.id = x.payment_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = p.seller_id AND s.legal_entity_id = $2
WHERE x.region_id = $1 AND p.made_at >= $4 AND p.made_at < $5 AND $3::integer > 0
ORDER BY x.payment_id, x.organiser_id;

-- name: archived_disputes
SELECT d.* FROM credits.dispute AS d
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = d.seller_id AND s.legal_entity_id = $2
WHERE d.region_id = $1 AND $3::integer > 0
    AND (d.opened_at >= $4 AND d.opened_at < $5 OR d.ended_at >= $4 AND d.ended_at < $5)
ORDER BY d.id;

-- name: archived_provider_entries
SELECT e.* FROM credits.provider_entry AS e
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = e.seller_id AND s.legal_entity_id = $2
WHERE e.region_id = $1 AND e.made_at >= $4 AND e.made_at < $5 AND $3::integer > 0
ORDER BY e.id;

-- name: archived_differences
SELECT f.* FROM credits.difference AS f
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = f.seller_id AND s.legal_entity_id = $2
WHERE f.region_id = $1 AND f.closed_at >= $4 AND f.closed_at < $5 AND $3::integer > 0
ORDER BY f.id;

-- name: archived_invoices
SELECT i.* FROM credits.invoice AS i
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = i.seller_id AND s.legal_entity_id = $2
WHERE i.region_id = $1 AND i.requested_at >= $4 AND i.requested_at < $5 AND $3::integer > 0
ORDER BY i.id;

-- name: archived_invoice_lines
SELECT l.* FROM credits.invoice_line AS l
JOIN credits.invoice AS i ON i.region_id = $1 AND i.id = l.invoice_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = i.seller_id AND s.legal_entity_id = $2
WHERE l.region_id = $1 AND i.requested_at >= $4 AND i.requested_at < $5 AND $3::integer > 0
ORDER BY l.invoice_id, l.no;

-- name: archived_invoice_payments
SELECT b.* FROM credits.invoice_payment AS b
JOIN credits.invoice AS i ON i.region_id = $1 AND i.id = b.invoice_id
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = i.seller_id AND s.legal_entity_id = $2
WHERE b.region_id = $1 AND b.noted_at >= $4 AND b.noted_at < $5 AND $3::integer > 0
ORDER BY b.id;

-- name: archived_customers
-- Those that were invoiced in the year. A code gave a right to book, and is left out; so is whom one writes to.
SELECT c.region_id, c.id, c.seller_id, c.name, c.enterprise_number, c.peppol_id, c.street, c.postal_code, c.town, c.term_days,
    c.starts_on, c.ends_on
FROM credits.customer AS c
JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = c.seller_id AND s.legal_entity_id = $2
WHERE c.region_id = $1 AND $3::integer > 0 AND EXISTS (
    SELECT 1 FROM credits.invoice AS i
    WHERE i.region_id = $1 AND i.customer_id = c.id AND i.requested_at >= $4 AND i.requested_at < $5
)
ORDER BY c.id;
