-- name: find_changes
-- Those that were made under ids that are asked for, and those of some bookings.
SELECT id, booking_id, encode(digest, 'hex') AS digest, plan::text, payment_id FROM reservations.change
WHERE region_id = $1 AND (id = ANY ($2) OR booking_id = ANY ($3));

-- name: write_changes
SELECT reservations.write_changes($1, $2, $3::json, $4::json, $5::json, $6::json, $7::json);
