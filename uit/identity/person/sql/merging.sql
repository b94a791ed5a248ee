-- name: lock_persons
-- In order, so that two merges never wait for each other.
SELECT FROM identity.person WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE;

-- name: read_state
SELECT p.id, p.is_protected, p.died_on IS NOT NULL AS has_died, p.merged_into IS NOT NULL AS is_merged, p.ended_at, p.erase_on,
    (SELECT count(*)::integer FROM uit.directory AS d WHERE d.kind = 'insz' AND d.owner = p.id) AS numbers
FROM identity.person AS p
WHERE p.id = $1;

-- name: acts_for_other
-- Who may do something for another is somebody else.
SELECT EXISTS (
    SELECT 1 FROM identity.representation
    WHERE (person_id, representative_id) IN (($1, $2), ($2, $1)) AND revoked_at IS NULL
);

-- name: move_numbers
-- `$1`: which of them; null is all. So it is in the statements below.
SELECT uit.move_directory('insz', $1, $2, $3);

-- name: move_foreign_ids
SELECT uit.move_foreign_ids($1, $2, $3, $4);

-- name: move_represented
WITH moved AS (
    UPDATE identity.representation SET person_id = $3
    WHERE person_id = $2 AND representative_id <> $3 AND ($1::uuid[] IS NULL OR id = ANY ($1))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_representing
WITH moved AS (
    UPDATE identity.representation SET representative_id = $3
    WHERE representative_id = $2 AND person_id <> $3 AND ($1::uuid[] IS NULL OR id = ANY ($1))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_asked_help
WITH moved AS (
    UPDATE identity.asked_help SET person_id = $3 WHERE person_id = $2 AND ($1::uuid[] IS NULL OR id = ANY ($1))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_history
WITH moved AS (
    UPDATE identity.person_change SET person_id = $3
    WHERE person_id = $2 AND ($1::uuid[] IS NULL OR id = ANY ($1)) AND id IS DISTINCT FROM $4::uuid
    RETURNING id
)
SELECT coalesce(array_agg(DISTINCT id), '{}') FROM moved;

-- name: move_letters
-- `$2`: which of them; null is all.
WITH moved AS (
    UPDATE identity.letter SET person_id = $4
    WHERE region_id = $1 AND person_id = $3 AND ($2::uuid[] IS NULL OR id = ANY ($2))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_mandates
WITH moved AS (
    UPDATE identity.mandate SET person_id = $4
    WHERE region_id = $1 AND person_id = $3 AND ($2::uuid[] IS NULL OR id = ANY ($2))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: move_services
-- But for a service that helps the one who stays already.
WITH moved AS (
    UPDATE identity.service_client AS c SET person_id = $4
    WHERE c.region_id = $1 AND c.person_id = $3 AND ($2::uuid[] IS NULL OR c.id = ANY ($2))
        AND NOT EXISTS (
            SELECT 1 FROM identity.service_client AS o
            WHERE o.region_id = $1 AND o.person_id = $4 AND o.partner_id = c.partner_id
                AND o.ended_at IS NULL AND c.ended_at IS NULL
        )
    RETURNING c.id
)
SELECT coalesce(array_agg(id), '{}') FROM moved;

-- name: end_new_emails
-- An address that one who goes was about to take is free again.
UPDATE identity.new_email SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL;

-- name: clear_email
-- Of one who goes, whose address becomes that of the one who stays.
UPDATE identity.person SET email = NULL WHERE id = $1;

-- name: end_merged
-- Whoever asked to be erased sooner still is.
UPDATE identity.person
SET merged_into = $2, email = NULL, ended_at = coalesce(ended_at, $3), erase_on = least(erase_on, $4::date)
WHERE id = $1;

-- name: restore_person
UPDATE identity.person SET merged_into = NULL, email = $2, ended_at = $3, erase_on = $4 WHERE id = $1;
