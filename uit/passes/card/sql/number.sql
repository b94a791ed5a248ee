-- name: take_running_number
INSERT INTO passes.number_series AS series (region_id, next) VALUES ($1, 2)
ON CONFLICT (region_id) DO UPDATE SET next = series.next + 1
RETURNING next - 1;
