-- name: pay_by_transfer
SELECT credits.pay_by_transfer($1, $2, $3, $4, $5, $6);
