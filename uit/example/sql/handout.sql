-- name: read_passes
-- Active digital cards with the credit behind them.
SELECT m.person_id, c.id AS card_id, c.number, c.token_version,
    coalesce(sum(p.available_cents), 0)::bigint AS available_cents
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
LEFT JOIN credits.purse AS p ON p.region_id = $1 AND p.wallet_id = m.id AND p.lapses_at > $2
WHERE c.region_id = $1 AND c.state = 'active' AND c.kind = 'digital' AND m.status = 'active'
GROUP BY m.person_id, c.id, c.number, c.token_version
ORDER BY c.number;

-- name: select_organisers
SELECT name, id FROM organisers.organiser WHERE region_id = $1 AND ended_at IS NULL ORDER BY name;

-- name: has_client
SELECT EXISTS (SELECT 1 FROM identity.client WHERE id = $1 AND ended_at IS NULL);

-- name: read_progress
SELECT (SELECT count(*) FROM organisers.event WHERE region_id = $1) AS events,
    (SELECT count(*) FROM labels.dossier) AS dossiers;
