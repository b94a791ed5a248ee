-- name: insert_procedure
INSERT INTO labels.procedure (programme, version, document, adopted_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: read_procedure
SELECT document FROM labels.procedure WHERE programme = $1 AND version = $2;
