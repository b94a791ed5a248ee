-- name: read_open
-- Each by the index of what is open.
SELECT p.payments, p.oldest_seconds AS payments_oldest_seconds, f.refunds, f.oldest_seconds AS refunds_oldest_seconds
FROM (
    SELECT count(*) AS payments,
        coalesce(extract(epoch FROM now() - min(made_at)), 0)::double precision AS oldest_seconds
    FROM credits.payment WHERE status = 'pending' AND means = 'card'
) AS p, (
    SELECT count(*) AS refunds,
        coalesce(extract(epoch FROM now() - min(decided_at)), 0)::double precision AS oldest_seconds
    FROM credits.refund WHERE status <> 'done'
) AS f;
