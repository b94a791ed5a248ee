-- name: insert_mandate
INSERT INTO organisers.mandate
    (region_id, id, organiser_id, agent_id, reference, legal_opinion, procurement, starts_on, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, id) DO NOTHING;

-- name: end_mandate
UPDATE organisers.mandate SET ends_on = least(coalesce(ends_on, $3), $3) WHERE region_id = $1 AND id = $2;
