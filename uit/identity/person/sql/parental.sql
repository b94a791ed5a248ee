-- name: has_been_parental
-- Whatever there was between the two, also what a court ended.
SELECT EXISTS (
    SELECT 1 FROM identity.representation WHERE person_id = $1 AND representative_id = $2 AND kind = 'parental'
);

-- name: insert_parental
-- Until the day before they are of age.
INSERT INTO identity.representation (
    id, kind, person_id, representative_id, powers, proof, starts_on, ends_on, created_at
)
VALUES ($1, 'parental', $2, $3, '{see,book,pay}', $4, $5, $6::date - 1, $7);
