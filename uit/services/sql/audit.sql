-- name: insert_act
INSERT INTO uit.audit (region_id, id, at, actor_kind, actor_id, act, subject_kind, subject_id, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
