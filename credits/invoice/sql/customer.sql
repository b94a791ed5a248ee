-- name: read_customers
SELECT c.name, c.enterprise_number, c.peppol_id, c.street, c.postal_code, c.town, c.email, c.contact, c.term_days,
    c.limit_cents, c.starts_on, c.ends_on, c.id, coalesce(i.open_cents, 0) AS open_cents,
    coalesce(i.overdue_cents, 0) AS overdue_cents
FROM credits.customer AS c
LEFT JOIN (
    SELECT customer_id, sum(amount_cents - paid_cents - credited_cents) AS open_cents,
        sum(amount_cents - paid_cents - credited_cents) FILTER (WHERE due_on < $3) AS overdue_cents
    FROM credits.invoice
    WHERE region_id = $1 AND seller_id = $2 AND paid_cents + credited_cents < amount_cents
    GROUP BY customer_id
) AS i ON i.customer_id = c.id
WHERE c.region_id = $1 AND c.seller_id = $2
ORDER BY c.name, c.id;

-- name: read_customer
SELECT c.name, c.enterprise_number, c.peppol_id, c.street, c.postal_code, c.town, c.email, c.contact, c.term_days,
    c.limit_cents, c.starts_on, c.ends_on, c.id, coalesce(i.open_cents, 0) AS open_cents,
    coalesce(i.overdue_cents, 0) AS overdue_cents
FROM credits.customer AS c
CROSS JOIN LATERAL (
    SELECT sum(amount_cents - paid_cents - credited_cents) AS open_cents,
        sum(amount_cents - paid_cents - credited_cents) FILTER (WHERE due_on < $3) AS overdue_cents
    FROM credits.invoice
    WHERE region_id = $1 AND customer_id = c.id AND paid_cents + credited_cents < amount_cents
) AS i
WHERE c.region_id = $1 AND c.seller_id = $2 AND c.id = $4;

-- name: insert_customer
INSERT INTO credits.customer
    (region_id, id, seller_id, name, enterprise_number, peppol_id, street, postal_code, town, email, contact,
     term_days, limit_cents, starts_on, ends_on, code_digest, agreed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: update_customer
UPDATE credits.customer
SET name = $4, enterprise_number = $5, peppol_id = $6, street = $7, postal_code = $8, town = $9, email = $10,
    contact = $11, term_days = $12, limit_cents = $13, starts_on = $14, ends_on = $15
WHERE region_id = $1 AND seller_id = $2 AND id = $3
RETURNING true;

-- name: write_code
UPDATE credits.customer SET code_digest = $4 WHERE region_id = $1 AND seller_id = $2 AND id = $3
RETURNING true;

-- name: take_invoices
-- And so, under a mandate, do those for whom it sells.
UPDATE credits.seller SET invoices = true WHERE region_id = $1 AND organiser_id = $2;

-- name: find_by_code
SELECT id FROM credits.customer WHERE region_id = $1 AND code_digest = $2;

-- name: read_terms
SELECT credits.customer_terms($1, $2);
