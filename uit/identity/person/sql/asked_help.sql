-- name: insert_ask
-- As it was typed, and compared with nothing: who is known does not show.
INSERT INTO identity.asked_help
    (id, person_id, email, card_number, name, powers, limit_cents, ends_on, asked_at, lapses_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO NOTHING;

-- name: read_asked
SELECT id, name, coalesce(email, card_number) AS reached_by, powers, limit_cents, ends_on
FROM identity.asked_help
WHERE person_id = $1 AND lapses_at > $2
ORDER BY asked_at, id;

-- name: read_ask
SELECT a.id, a.person_id, p.given_name, a.email, a.powers, a.limit_cents, a.ends_on
FROM identity.asked_help AS a
JOIN identity.person AS p ON p.id = a.person_id
WHERE a.id = $1;

-- name: accept_ask
-- The ask becomes the representation, under its own id.
WITH asked AS (
    DELETE FROM identity.asked_help WHERE id = $1
    RETURNING id, person_id, powers, limit_cents, ends_on
)
INSERT INTO identity.representation
    (id, kind, person_id, representative_id, powers, limit_cents, proof, starts_on, ends_on, created_at, accepted_at)
SELECT id, 'trusted', person_id, $2, powers, limit_cents, 'given by the resident, accepted', $3, ends_on, $4, $4
FROM asked
WHERE ends_on >= $3;

-- name: delete_ask
DELETE FROM identity.asked_help WHERE id = $1;

-- name: withdraw_ask
DELETE FROM identity.asked_help WHERE id = $1 AND person_id = $2;
