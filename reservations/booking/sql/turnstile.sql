-- name: lock_and_read
-- The seats, the courses and what is sold as cards, and whether somebody waits, are read once all is locked: what is in FROM comes first.
SELECT facts, reservations.seating($1, $2, $4) AS seating, reservations.courses($1, $2, $4) AS courses,
    reservations.turn_cards($1, $2, $4) AS turn_cards, reservations.somebody_waits($1, $2) AS somebody_waits
FROM reservations.lock_and_read($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true) AS facts;

-- name: read_without_locks
SELECT reservations.facts($1, $2, $3, '{}', '{}', '{}', true);

-- name: write_batch
SELECT reservations.write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22);

-- name: move_held
-- What rooms hold back for channels, more or less of it.
UPDATE reservations.pool AS p SET held = p.held + r.places
FROM json_to_recordset($2) AS r (id uuid, places integer)
WHERE p.region_id = $1 AND p.id = r.id;

-- name: read_bookings
-- One booking or more, each as a JSON document in the shape of `facts.Booking`.
SELECT coalesce(json_agg(stored), '[]') FROM reservations.stored_bookings($1, $2) AS stored;

-- name: region_of_booking
SELECT region_id FROM uit.directory WHERE kind = 'booking' AND key = $1;
