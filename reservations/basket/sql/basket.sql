-- name: read_facts
-- What `decide` would see for one member and one session, without a lock: good for showing, never for booking.
SELECT reservations.facts($1, ARRAY[$2::uuid], '{}', '{}', ARRAY[$3::uuid], '{}');
