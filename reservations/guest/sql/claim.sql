-- name: contacts_of_number
-- Numbers are short, so that two bookings may share one; the code tells them apart.
SELECT booking_id, name, email, link_version, proven_at
FROM reservations.contact
WHERE region_id = $1 AND right(booking_id::text, 8) = $2;

-- name: write_claim
-- Once: who came first keeps it.
INSERT INTO reservations.claimed_booking (region_id, booking_id, membership_id, claimed_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (region_id, booking_id) DO NOTHING;

-- name: read_claimant
SELECT membership_id FROM reservations.claimed_booking WHERE region_id = $1 AND booking_id = $2;
