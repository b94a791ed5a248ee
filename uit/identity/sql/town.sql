-- name: move_persons
UPDATE identity.person SET refnis = $2 WHERE refnis = $1;

-- name: move_roles
-- Those at a counter or in a region. One that is over says where it was.
UPDATE identity.role SET refnis = $2
WHERE refnis = $1 AND role <> 'municipality' AND (ends_at IS NULL OR ends_at > $3);

-- name: label_roles
SELECT count(*)::integer FROM identity.role
WHERE refnis = $1 AND role = 'municipality' AND (ends_at IS NULL OR ends_at > $2);

-- name: add_label_roles
-- The old one stays: its dossiers are read by it.
INSERT INTO identity.role (region_id, id, staff_id, role, refnis, starts_at, ends_at)
SELECT r.region_id, k.id, r.staff_id, r.role, $2, $3, r.ends_at
FROM (
    SELECT *, row_number() OVER (ORDER BY id) AS place FROM identity.role
    WHERE refnis = $1 AND role = 'municipality' AND (ends_at IS NULL OR ends_at > $3)
) AS r
JOIN unnest($4::uuid[]) WITH ORDINALITY AS k (id, place) ON k.place = r.place;
