-- name: insert_attestation
INSERT INTO passes.attestation (
    region_id, id, membership_id, applies, until, source, reference, document_kind, officer_id, rule_version, checked_at
)
VALUES ($1, $2, $3, true, $4, 'clerk', $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: set_social_until
UPDATE passes.membership SET social_until = $3 WHERE region_id = $1 AND id = $2;

-- name: mark_proven
UPDATE passes.provisional_right SET proven_at = $3 WHERE region_id = $1 AND membership_id = $2 AND proven_at IS NULL;
