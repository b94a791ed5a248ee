-- name: is_known_to_person
SELECT EXISTS (
    SELECT 1 FROM identity.device AS d
    JOIN identity.person AS p ON p.id = d.person_id
    WHERE d.digest = $1 AND $2 IN (p.email, p.phone) AND d.expires_at > $3
);

-- name: is_known_to_staff
SELECT EXISTS (
    SELECT 1 FROM identity.device AS d
    JOIN identity.staff AS s ON s.id = d.staff_id
    WHERE d.digest = $1 AND s.email = $2 AND d.expires_at > $3
);

-- name: is_known_to
SELECT EXISTS (SELECT 1 FROM identity.device WHERE digest = $1 AND owner_id = $2 AND expires_at > $3);

-- name: add_device
-- Whether it was new: `xmax` is that of a row that was there.
INSERT INTO identity.device (digest, person_id, staff_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (digest, owner_id) DO UPDATE SET expires_at = excluded.expires_at
RETURNING xmax = 0;

-- name: forget_device
DELETE FROM identity.device WHERE digest = $1 AND (person_id = $2 OR staff_id = $2);

-- name: forget_others
-- All devices of an owner but this one; all of them without one.
DELETE FROM identity.device WHERE (person_id = $1 OR staff_id = $1) AND digest IS DISTINCT FROM $2;
