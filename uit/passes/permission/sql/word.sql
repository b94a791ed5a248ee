-- name: read_hash
SELECT hash FROM passes.spoken_word WHERE region_id = $1 AND membership_id = $2;

-- name: write_hash
INSERT INTO passes.spoken_word (region_id, membership_id, hash, set_by, set_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, membership_id) DO UPDATE SET hash = $3, set_by = $4, set_at = $5;

-- name: delete_hash
DELETE FROM passes.spoken_word WHERE region_id = $1 AND membership_id = $2;
