-- name: read_seating
SELECT reservations.seating($1, $2, '{}') AS seating;

-- name: read_plans
SELECT id, best_row, lines FROM reservations.seat_plan WHERE region_id = $1 AND id = ANY ($2);

-- name: write_seats
SELECT reservations.write_seats($1, $2::json);
