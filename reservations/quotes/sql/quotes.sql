-- name: read_facts
-- What `decide` would see for these sessions and cards, without a lock: good for saying, never for booking.
SELECT reservations.facts($1, $2, '{}', $3, '{}', '{}');
