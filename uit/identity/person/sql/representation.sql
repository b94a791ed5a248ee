-- name: read_of_person
SELECT id, kind::text, person_id, representative_id, powers, limit_cents, starts_on, ends_on,
    revoked_at IS NOT NULL AS is_revoked, accepted_at IS NOT NULL AS is_accepted, checked_on, shares_titles
FROM identity.representation
WHERE person_id = $1 AND revoked_at IS NULL
ORDER BY created_at, id;

-- name: revoke_representation
UPDATE identity.representation
SET revoked_at = $3
WHERE id = $1 AND person_id = $2 AND kind = 'trusted' AND revoked_at IS NULL;

-- name: write_sharing
-- Only the young person themselves, with one parent.
UPDATE identity.representation SET shares_titles = $3 WHERE id = $1 AND person_id = $2 AND kind = 'parental';

-- name: stop_helping
-- A trusted person may stop by themselves.
UPDATE identity.representation SET revoked_at = $3
WHERE id = $1 AND representative_id = $2 AND kind = 'trusted' AND revoked_at IS NULL;

-- name: mark_warned
UPDATE identity.representation SET warned_at = $2 WHERE id = $1 AND warned_at IS NULL;

-- name: insert_given
-- At a counter: a trusted person on signed paper, or an administrator by the order that the clerk saw.
INSERT INTO identity.representation
    (id, kind, person_id, representative_id, powers, limit_cents, proof, starts_on, ends_on, created_at, accepted_at,
     checked_on)
VALUES ($1, $2::text::identity.representation_kind, $3, $4, $5, $6, $7, $8, $9, $10, $10, $8)
ON CONFLICT (id) DO NOTHING;

-- name: end_given
-- What a parent may do ends otherwise.
UPDATE identity.representation SET revoked_at = $3
WHERE id = $1 AND person_id = $2 AND kind <> 'parental' AND revoked_at IS NULL;

-- name: check_order
UPDATE identity.representation SET checked_on = $3
WHERE id = $1 AND person_id = $2 AND kind = 'administrator' AND revoked_at IS NULL;
