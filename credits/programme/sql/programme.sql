-- name: read_legal_entity
-- The one that gives credit: it has a claim on a funder. Others are sellers.
SELECT l.id, l.name, l.enterprise_number FROM credits.legal_entity AS l
WHERE l.region_id = $1 AND EXISTS (
    SELECT 1 FROM credits.account AS a WHERE a.region_id = $1 AND a.legal_entity_id = l.id AND a.kind = 'claim'
)
ORDER BY l.id LIMIT 1;

-- name: lock_legal_entity
-- Of two who open books or say an enterprise number at once, the second waits here. What legal entities there are is read in a
-- later statement.
SELECT pg_advisory_xact_lock(hashtext('credits.legal_entity'), $1);

-- name: insert_legal_entity
-- Who sells under that number has it already.
INSERT INTO credits.legal_entity AS l (region_id, id, name, enterprise_number) VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, enterprise_number) DO UPDATE SET name = l.name
RETURNING l.id;

-- name: insert_programme
INSERT INTO credits.programme (region_id, id, name, funder, opened_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: insert_version
INSERT INTO credits.programme_version
    (region_id, programme_id, version, refnis, age_from, age_to, social_only, amount_cents, valid_months, domains,
     earning, starts_at, on_moving, on_leaving)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[]::organisers.domain[], $11, $12, $13, $14);

-- name: read_programmes
-- The figures are the caches of the ledger, which `check-ledger` compares with it. $2: one programme, or all; $3: today.
SELECT p.id, p.name, p.funder, p.opened_at, v.version, v.amount_cents, v.valid_months, v.earning, v.age_from, v.age_to,
    v.social_only, v.refnis, v.domains::text[] AS domains, v.on_moving, v.on_leaving, f.budget_cents, f.to_give_cents,
    g.available_cents, g.held_cents, g.spent_cents, g.lapsed_cents, g.returned_cents, g.holders,
    p.id IN (SELECT a.programme_id FROM credits.agreements_on($1, $3) AS a) AS spendable
FROM credits.programme AS p
CROSS JOIN LATERAL (
    SELECT * FROM credits.programme_version AS v
    WHERE v.region_id = $1 AND v.programme_id = p.id
    ORDER BY v.version DESC LIMIT 1
) AS v
CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.budget_cents), 0)::bigint AS budget_cents,
        coalesce(sum(f.available_cents), 0)::bigint AS to_give_cents
    FROM credits.fund AS f WHERE f.region_id = $1 AND f.programme_id = p.id
) AS f
CROSS JOIN LATERAL (
    SELECT coalesce(sum(g.available_cents), 0)::bigint AS available_cents,
        coalesce(sum(g.held_cents), 0)::bigint AS held_cents,
        coalesce(sum(g.spent_cents), 0)::bigint AS spent_cents,
        coalesce(sum(g.lapsed_cents), 0)::bigint AS lapsed_cents,
        coalesce(sum(g.returned_cents), 0)::bigint AS returned_cents,
        count(DISTINCT g.wallet_id) FILTER (WHERE g.returned_cents = 0) AS holders
    FROM credits.purse AS g WHERE g.region_id = $1 AND g.programme_id = p.id
) AS g
WHERE p.region_id = $1 AND ($2::uuid IS NULL OR p.id = $2)
ORDER BY p.opened_at DESC, p.id;

-- name: read_organisers
SELECT o.id, o.name, a.starts_on AS admitted_on
FROM organisers.organiser AS o
LEFT JOIN credits.agreements_on($1, $3) AS a ON a.organiser_id = o.id AND a.programme_id = $2
WHERE o.region_id = $1 AND o.ended_at IS NULL
ORDER BY o.name, o.id;

-- name: insert_agreements
-- Who is admitted already, stays so. In order, so that of two officers at once the second waits and adds nothing. How many are
-- new, `count_agreements` says: on a cluster the number of rows of such an INSERT does not.
INSERT INTO credits.agreement (region_id, id, programme_id, organiser_id, starts_on)
SELECT $1, k.id, $2, o.id, $5
FROM unnest($3::uuid[], $4::uuid[]) AS k (organiser_id, id)
JOIN organisers.organiser AS o ON o.region_id = $1 AND o.id = k.organiser_id AND o.ended_at IS NULL
ORDER BY o.id
ON CONFLICT ON CONSTRAINT one_agreement_at_a_time DO NOTHING;

-- name: count_agreements
SELECT count(*)::integer FROM credits.agreement WHERE region_id = $1 AND id = ANY ($2);
