-- name: read_choices
-- Until when who booked these dates chooses what becomes of them; of those that were called off with a choice.
SELECT id AS session_id, choose_until FROM reservations.session
WHERE region_id = $1 AND id = ANY ($2) AND status = 'cancelled' AND choose_until IS NOT NULL;
