-- name: read_sale_facts
SELECT credits.sale_facts($1, $2, '{}', '{}');
