-- name: upsert_entries
-- An entry of another region stays as it is: `find_elsewhere` tells of it.
INSERT INTO uit.directory AS known (kind, key, region_id, owner)
SELECT $1, r.key, $2, r.owner FROM json_to_recordset($3) AS r (key uuid, owner uuid)
ON CONFLICT (kind, key) DO UPDATE SET owner = excluded.owner
WHERE known.region_id = excluded.region_id AND known.owner IS DISTINCT FROM excluded.owner;

-- name: find_elsewhere
SELECT key, region_id FROM uit.directory WHERE kind = $1 AND key = ANY ($3) AND region_id <> $2 ORDER BY key;
