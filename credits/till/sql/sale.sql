-- name: write_receipts
SELECT credits.write_receipts($1, $2::json, $3);
