-- name: read_group_credit
-- What can still be spent, and what is put aside.
SELECT g.wallet_id AS group_id, sum(g.available_cents)::bigint AS available_cents, sum(g.held_cents)::bigint AS held_cents
FROM credits.purse AS g
WHERE g.region_id = $1 AND g.wallet_id = ANY ($2)
GROUP BY g.wallet_id;
