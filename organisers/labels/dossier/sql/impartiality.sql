-- name: is_own_municipality
SELECT EXISTS (
    SELECT 1 FROM identity.role
    WHERE staff_id = $3 AND refnis = $2 AND starts_at <= $4 AND (ends_at IS NULL OR ends_at > $4)
) OR EXISTS (
    SELECT 1 FROM labels.history WHERE dossier_id = $1 AND by_staff = $3 AND role = 'municipality'
);

-- name: has_assessed
SELECT EXISTS (SELECT 1 FROM labels.history WHERE dossier_id = $1 AND by_staff = $2 AND act IN ('find', 'hand_over'));
