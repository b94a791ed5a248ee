-- name: is_done
-- Whether a booking was changed under an id.
SELECT count(*) > 0 FROM reservations.change WHERE region_id = $1 AND id = $2 AND booking_id = $3;
