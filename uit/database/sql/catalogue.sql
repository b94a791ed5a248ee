-- name: read_tables
-- The tables of our schemas, from when each is kept, whether triggers hang on it, and by what Citus can spread it: only a table
-- whose every unique or excluding index names the region can live with its region.
SELECT r.table_name, r.since,
    EXISTS (SELECT 1 FROM pg_trigger AS g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal) AS has_triggers,
    EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = t.oid AND a.attname = 'region_id') AND NOT EXISTS (
        SELECT 1 FROM pg_index AS i
        WHERE i.indrelid = t.oid AND (i.indisunique OR i.indisexclusion) AND NOT EXISTS (
            SELECT 1 FROM pg_attribute AS a
            WHERE a.attrelid = t.oid AND a.attname = 'region_id' AND a.attnum = ANY (i.indkey)
        )
    ) AS is_regional
FROM uit.retention AS r
JOIN pg_class AS t ON t.oid = to_regclass(r.table_name)
ORDER BY r.table_name;

-- name: read_references
-- Which table refers to which other by a foreign key.
SELECT DISTINCT child.table_name AS child, parent.table_name AS parent
FROM pg_constraint AS k
JOIN uit.retention AS child ON to_regclass(child.table_name) = k.conrelid
JOIN uit.retention AS parent ON to_regclass(parent.table_name) = k.confrelid
WHERE k.contype = 'f' AND k.conrelid <> k.confrelid;
