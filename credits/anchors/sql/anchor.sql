-- name: first_day
-- The first day in Flanders on which somebody acted in a region or something moved; NULL when there is none.
SELECT (least(
    (SELECT min(at) FROM uit.audit WHERE region_id = $1), (SELECT min(at) FROM credits.transfer WHERE region_id = $1)
) AT TIME ZONE 'Europe/Brussels')::date;

-- name: sum_trail
-- The digest is SHA-256 over the SHA-256 of each row, in the order of ids.
SELECT count(*)::integer AS rows, encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    a.id, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.actor_kind, a.actor_id, a.act, a.subject_kind,
    a.subject_id, a.facts
)::text, 'UTF8')), ''::bytea ORDER BY a.id), ''::bytea)), 'hex') AS digest
FROM uit.audit AS a
WHERE a.region_id = $1 AND a.at >= $2 AND a.at < $3;

-- name: sum_transfers
-- What a carried balance replaces is gone, so it counts in no day.
SELECT count(*)::integer AS rows, encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    t.id, t.kind, t.debit_id, t.credit_id, t.amount_cents, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    t.purse_id, t.booking_id, t.line_no, t.payee_id, t.hold_id, t.payment_id, t.reference, t.reverses_id
)::text, 'UTF8')), ''::bytea ORDER BY t.id), ''::bytea)), 'hex') AS digest
FROM credits.transfer AS t
WHERE t.region_id = $1 AND t.at >= $2 AND t.at < $3 AND t.kind <> 'carried';

-- name: read_totals
-- What moved on a day, by legal entity, kind of account and programme; without a programme where it is real money.
SELECT a.legal_entity_id AS entity_id, a.kind::text AS kind, coalesce(p.programme_id, f.programme_id) AS programme_id,
    coalesce(sum(m.cents) FILTER (WHERE m.cents < 0), 0)::bigint * -1 AS debit_cents,
    coalesce(sum(m.cents) FILTER (WHERE m.cents > 0), 0)::bigint AS credit_cents
FROM credits.transfer AS t
LEFT JOIN credits.purse AS p ON p.region_id = $1 AND p.id = t.purse_id
CROSS JOIN LATERAL (VALUES (t.debit_id, -t.amount_cents), (t.credit_id, t.amount_cents)) AS m (account_id, cents)
JOIN credits.account AS a ON a.region_id = $1 AND a.id = m.account_id
LEFT JOIN credits.fund AS f ON f.region_id = $1 AND f.id IN (t.debit_id, t.credit_id)
WHERE t.region_id = $1 AND t.at >= $2 AND t.at < $3 AND t.kind <> 'carried'
GROUP BY a.legal_entity_id, a.kind, coalesce(p.programme_id, f.programme_id)
ORDER BY a.legal_entity_id, a.kind, coalesce(p.programme_id, f.programme_id);
