-- name: read_selling_organisers
-- Whether cards are taken is asked of who sells: the agent, where there is one.
SELECT o.id, o.name, s.organiser_id IS NOT NULL AS sells, coalesce(taking.card_open, false) AS card_open, a.name AS agent,
    m.id AS mandate_id, m.reference, m.legal_opinion, m.procurement, m.starts_on, m.ends_on
FROM organisers.organiser AS o
LEFT JOIN credits.seller AS s ON s.region_id = $1 AND s.organiser_id = o.id
LEFT JOIN organisers.organiser AS a ON a.region_id = $1 AND a.id = s.agent_id
LEFT JOIN credits.seller AS taking ON taking.region_id = $1 AND taking.organiser_id = coalesce(s.agent_id, o.id)
LEFT JOIN organisers.mandate AS m ON m.region_id = $1 AND m.id = s.mandate_id
WHERE o.region_id = $1 AND o.ended_at IS NULL
ORDER BY o.name, o.id;

-- name: lock_sellers
SELECT 1 FROM credits.seller WHERE region_id = $1 AND organiser_id = ANY ($2::uuid[]) ORDER BY organiser_id FOR NO KEY UPDATE;

-- name: read_standing
-- Of an organiser ($2) that is to be sold for by another ($3).
SELECT (SELECT s.mandate_id FROM credits.seller AS s WHERE s.region_id = $1 AND s.organiser_id = $2) AS mandate_id, EXISTS (
    SELECT 1 FROM credits.seller AS o
    WHERE o.region_id = $1 AND (o.agent_id = $2 OR o.organiser_id = $3 AND o.agent_id IS NOT NULL)
) AS makes_chain;

-- name: set_agent
UPDATE credits.seller SET agent_id = $3, mandate_id = $4 WHERE region_id = $1 AND organiser_id = $2;

-- name: end_agent
-- Only of the mandate that was meant: another may stand by now.
UPDATE credits.seller SET agent_id = NULL, mandate_id = NULL WHERE region_id = $1 AND organiser_id = $2 AND mandate_id = $3;
