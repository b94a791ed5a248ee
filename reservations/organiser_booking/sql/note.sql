-- name: write_note
INSERT INTO reservations.booking_note (region_id, organiser_id, booking_id, note, written_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (region_id, booking_id, organiser_id) DO UPDATE SET note = excluded.note, written_at = excluded.written_at;

-- name: remove_note
DELETE FROM reservations.booking_note WHERE region_id = $1 AND organiser_id = $2 AND booking_id = $3;
