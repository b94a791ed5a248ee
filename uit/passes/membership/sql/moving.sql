-- name: write_move
UPDATE passes.membership SET came_from = refnis, moved_on = $4, refnis = $3
WHERE region_id = $1 AND id = $2 AND refnis IS DISTINCT FROM $3;

-- name: write_leaving
-- A last day that comes sooner stays. Sent again, it changes nothing.
UPDATE passes.membership SET moves_away = true, ends_on = least(ends_on, $3::date)
WHERE region_id = $1 AND id = $2 AND (NOT moves_away OR ends_on > $3);

-- name: move_members
-- A municipality went into another: nobody moved.
UPDATE passes.membership
SET refnis = CASE WHEN refnis = $2 THEN $3 ELSE refnis END, came_from = CASE WHEN came_from = $2 THEN $3 ELSE came_from END
WHERE region_id = $1 AND $2 IN (refnis, came_from);
