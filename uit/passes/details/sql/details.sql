-- name: set_town
UPDATE passes.membership SET refnis = $3 WHERE region_id = $1 AND id = $2;
