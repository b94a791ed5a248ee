-- name: read_public_computers
SELECT id, name, network::text, named_at FROM reservations.public_computer WHERE region_id = $1 ORDER BY name, id;

-- name: insert_public_computer
INSERT INTO reservations.public_computer (region_id, id, name, network, named_at)
VALUES ($1, $2, $3, $4::text::cidr, $5)
ON CONFLICT DO NOTHING;

-- name: delete_public_computer
DELETE FROM reservations.public_computer WHERE region_id = $1 AND id = $2;

-- name: is_public
SELECT EXISTS (
    SELECT 1 FROM reservations.public_computer WHERE region_id = $1 AND network >>= $2::text::inet
);
