-- name: read_card
SELECT region_id, id, membership_id, number, kind::text, state::text, token_version::integer, replaced_by, issued_at
FROM passes.card
WHERE region_id = $1 AND id = $2;

-- name: read_holder
SELECT c.region_id, c.membership_id, m.person_id, c.id AS card_id, c.token_version::integer,
    c.state = 'active' AND m.status = 'active' AS is_active, m.ends_on
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
WHERE c.region_id = $1 AND c.id = $2;

-- name: read_holder_of_number
SELECT c.region_id, c.membership_id, m.person_id, c.id AS card_id, c.token_version::integer,
    c.state = 'active' AND m.status = 'active' AS is_active, m.ends_on
FROM passes.card AS c
JOIN passes.membership AS m ON m.region_id = $1 AND m.id = c.membership_id
JOIN identity.person AS p ON p.id = m.person_id
WHERE c.region_id = $1 AND c.number = $2 AND extract(year FROM p.born_on) = $3::integer;

-- name: cards_of
SELECT region_id, id, membership_id, number, kind::text, state::text, token_version::integer, replaced_by, issued_at
FROM passes.card
WHERE region_id = $1 AND membership_id = $2
ORDER BY state = 'active' DESC, kind = 'digital' DESC, issued_at DESC, id DESC;

-- name: insert_card
INSERT INTO passes.card (region_id, id, membership_id, number, kind, issuer, issued_at)
SELECT $1, $2, $3, $4, $5::text::passes.card_kind, r.slug, $6 FROM uit.region AS r WHERE r.id = $1;

-- name: end_card
UPDATE passes.card SET state = $3::text::passes.card_state, replaced_by = $4, ended_at = $5 WHERE region_id = $1 AND id = $2;

-- name: resume_card
UPDATE passes.card SET state = 'active', ended_at = NULL WHERE region_id = $1 AND id = $2 AND state = 'blocked';

-- name: raise_token_version
UPDATE passes.card SET token_version = token_version + 1
WHERE region_id = $1 AND id = $2 AND token_version = $3 AND state = 'active';
