-- name: read_sessions_of_lines
SELECT booking_id, no, session_id FROM reservations.line WHERE region_id = $1 AND booking_id = ANY ($2);
