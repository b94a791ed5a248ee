-- name: write_till_movements
SELECT credits.write_till_movements($1, $2::json, $3);

-- name: was_dropped
-- Whether this went to the safe under the id before; false when something else was moved, and no row when nothing was.
SELECT kind = 'drop' AND till_session_id = $3 AND amount_cents = $4 FROM credits.till_movement WHERE region_id = $1 AND id = $2;

-- name: note_refused_drop
UPDATE credits.till_session SET refused_drops = refused_drops + 1 WHERE region_id = $1 AND id = $2;
