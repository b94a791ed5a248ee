-- name: lock_and_read
SELECT reservations.lock_and_read($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true);

-- name: read_without_locks
SELECT reservations.facts($1, $2, $3, '{}', '{}', '{}', true);

-- name: write_batch
SELECT reservations.write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22);

-- name: read_bookings
-- One booking or more, each as a JSON document in the shape of `facts.Booking`.
SELECT coalesce(json_agg(stored), '[]') FROM reservations.stored_bookings($1, $2) AS stored;

-- name: region_of_booking
SELECT region_id FROM uit.directory WHERE kind = 'booking' AND key = $1;
