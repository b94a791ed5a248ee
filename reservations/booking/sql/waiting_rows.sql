-- name: write_waiting
SELECT reservations.write_waiting($1, $2::json, $3::json, $4::json, $5::json, $6);
