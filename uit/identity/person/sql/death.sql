-- name: end_powers
UPDATE identity.representation SET revoked_at = $2 WHERE (person_id = $1 OR representative_id = $1) AND revoked_at IS NULL;

-- name: withdraw_asks
DELETE FROM identity.asked_help WHERE person_id = $1;

-- name: restore_helping
-- What ended at the very moment of the death, and with nobody else who died.
UPDATE identity.representation AS r SET revoked_at = NULL
FROM identity.person AS p
WHERE p.id = $1 AND p.died_on IS NOT NULL AND r.revoked_at = p.ended_at AND $1 IN (r.person_id, r.representative_id)
    AND NOT EXISTS (
        SELECT 1 FROM identity.person AS other
        WHERE other.id IN (r.person_id, r.representative_id) AND other.id <> $1 AND other.died_on IS NOT NULL
    );
