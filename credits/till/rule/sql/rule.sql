-- name: read_signing_limit
SELECT second_signature_cents FROM credits.till_rule WHERE region_id = $1;

-- name: write_signing_limit
INSERT INTO credits.till_rule (region_id, second_signature_cents) VALUES ($1, $2)
ON CONFLICT (region_id) DO UPDATE SET second_signature_cents = excluded.second_signature_cents;
