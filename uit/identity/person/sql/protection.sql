-- name: write_protected
WITH family AS (
    SELECT $1::uuid AS id
    UNION
    SELECT r.person_id
    FROM identity.representation AS r
    WHERE r.representative_id = $1 AND r.kind = 'parental' AND r.revoked_at IS NULL
        AND (r.ends_on IS NULL OR r.ends_on >= $3)
        AND ($2::boolean OR NOT EXISTS (
            SELECT 1
            FROM identity.representation AS o
            JOIN identity.person AS p ON p.id = o.representative_id
            WHERE o.person_id = r.person_id AND o.representative_id <> $1 AND o.kind = 'parental'
                AND o.revoked_at IS NULL AND (o.ends_on IS NULL OR o.ends_on >= $3) AND p.is_protected
        ))
), changed AS (
    UPDATE identity.person AS p SET is_protected = $2 FROM family WHERE p.id = family.id AND p.is_protected <> $2 RETURNING p.id
)
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM changed;
