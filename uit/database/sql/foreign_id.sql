-- name: select_owners
SELECT foreign_id, owner FROM uit.foreign_id
WHERE region_id = $1 AND kind = $2 AND source = $3 AND foreign_id = ANY ($4);

-- name: select_regions
-- Through the directory of regions, of which there are few: the key of the table starts with one.
SELECT f.foreign_id, f.region_id
FROM uit.region AS r
JOIN uit.foreign_id AS f ON f.region_id = r.id
WHERE f.kind = $1 AND f.source = $2 AND f.foreign_id = ANY ($3);

-- name: insert_foreign_ids
INSERT INTO uit.foreign_id (region_id, kind, source, foreign_id, owner, line_no, ticket_no, barcode)
SELECT $1, $2, $3, r.foreign_id, r.owner, r.line_no, r.ticket_no, r.barcode
FROM json_to_recordset($4) AS r (foreign_id text, owner uuid, line_no smallint, ticket_no smallint, barcode text)
ON CONFLICT DO NOTHING;

-- name: change_foreign_ids
UPDATE uit.foreign_id AS f SET foreign_id = r.new_id
FROM unnest($4::text[], $5::text[]) AS r (old_id, new_id)
WHERE f.region_id = $1 AND f.kind = $2 AND f.source = $3 AND f.foreign_id = r.old_id;
