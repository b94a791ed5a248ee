-- name: regions_due
SELECT DISTINCT region_id FROM credits.payment WHERE sold_for_due ORDER BY region_id;

-- name: book_payments
SELECT reservations.book_sold_for($1, $2, $3);
