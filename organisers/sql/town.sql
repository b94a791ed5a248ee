-- name: move_venues
UPDATE organisers.venue SET refnis = $3 WHERE region_id = $1 AND refnis = $2;
