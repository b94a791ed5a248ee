-- name: read_reachable
-- Who died is told nothing, and no letter goes to an address that one came back from. Who is another's double is reached as that one.
SELECT p.id AS person_id, p.email, p.phone, CASE WHEN p.address_doubted_at IS NULL THEN p.address_kind END AS address_kind, p.reached_by, s.way AS chosen
FROM identity.person AS given
JOIN identity.person AS p ON p.id = coalesce(given.merged_into, given.id)
LEFT JOIN identity.message_setting AS s ON s.person_id = p.id AND s.kind = $2
WHERE given.id = $1 AND p.died_on IS NULL;

-- name: read_settings
SELECT kind, way FROM identity.message_setting WHERE person_id = $1 ORDER BY kind;

-- name: write_settings
-- A kind without a way is as all others again.
WITH wanted AS (
    SELECT w.kind, w.way FROM unnest($2::text[], $3::text[]) AS w (kind, way)
), taken_back AS (
    DELETE FROM identity.message_setting AS s USING wanted AS w
    WHERE s.person_id = $1 AND s.kind = w.kind AND w.way IS NULL
)
INSERT INTO identity.message_setting (person_id, kind, way, changed_at)
SELECT $1, kind, way, $4 FROM wanted WHERE way IS NOT NULL
ON CONFLICT (person_id, kind) DO UPDATE SET way = excluded.way, changed_at = excluded.changed_at;
