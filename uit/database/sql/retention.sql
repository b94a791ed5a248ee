-- name: read_erasures
-- For each table with a term: the statement that erases up to $2 of the rows whose term had passed at $1, and answers the id of
-- each that something follows. Where rows have a region it erases those of region $3. What somebody asked for is due sooner
-- (`due_when`), by a statement of its own, so that each goes by an index. A row that another still refers to stays until that one
-- is gone, and one that is still open (`kept_while`) until it is not. One that somebody is changing is left for the next run,
-- since it may not be due afterwards.
WITH regional AS (
    SELECT attrelid AS owner FROM pg_attribute WHERE attname = 'region_id' AND NOT attisdropped
), reference AS (
    SELECT k.confrelid AS parent, format(
        ' AND NOT EXISTS (SELECT 1 FROM %s AS c WHERE %s)', k.conrelid::regclass,
        string_agg(
            CASE WHEN child.attname = 'region_id' AND parent.attname = 'region_id' THEN 'c.region_id = $3'
                ELSE format('c.%I = t.%I', child.attname, parent.attname) END, ' AND '
        )
    ) AS clause
    FROM pg_constraint AS k
    CROSS JOIN unnest(k.conkey, k.confkey) AS pair (child, parent)
    JOIN pg_attribute AS child ON child.attrelid = k.conrelid AND child.attnum = pair.child
    JOIN pg_attribute AS parent ON parent.attrelid = k.confrelid AND parent.attnum = pair.parent
    WHERE k.contype = 'f' AND k.confdeltype IN ('a', 'r')
    GROUP BY k.oid, k.confrelid, k.conrelid
), own_key AS (
    SELECT i.indrelid AS owner, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
    FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indisprimary
    GROUP BY i.indrelid
)
SELECT r.table_name, region.owner IS NOT NULL AS by_region, format(
    'DELETE FROM %1$s WHERE %6$s(%5$s) IN ('
    'SELECT %5$s FROM %1$s AS t WHERE %7$s(%2$s)%3$s%8$s LIMIT $2 FOR UPDATE SKIP LOCKED'
    ') RETURNING %4$s AS id',
    r.table_name, due.clause,
    (SELECT string_agg(clause, '') FROM reference WHERE parent = to_regclass(r.table_name)),
    CASE WHEN EXISTS (SELECT 1 FROM uit.retention_follower AS f WHERE f.owner_name = r.table_name) THEN 'id' ELSE 'NULL' END,
    (SELECT columns FROM own_key WHERE owner = to_regclass(r.table_name)),
    CASE WHEN region.owner IS NOT NULL THEN 'region_id = $3 AND ' END,
    CASE WHEN region.owner IS NOT NULL THEN 't.region_id = $3 AND ' END,
    ' AND NOT (' || r.kept_while || ')'
) AS statement
FROM uit.retention AS r
JOIN uit.retention_class AS c ON c.name = r.class
CROSS JOIN LATERAL (
    VALUES (format('t.%I::timestamptz <= $1::timestamptz - %L::interval', r.since, c.keep)), (r.due_when)
) AS due (clause)
LEFT JOIN regional AS region ON region.owner = to_regclass(r.table_name)
WHERE r.since IS NOT NULL AND c.keep IS NOT NULL AND due.clause IS NOT NULL;

-- name: read_followers
-- What goes along with rows of a table without a foreign key: the statement that erases it for the ids $1, of region $2 where
-- that table's rows have one.
SELECT f.owner_name, f.table_name, format(
    'DELETE FROM %s WHERE %s%I = ANY ($1::uuid[])', f.table_name, CASE WHEN o.attname IS NOT NULL THEN 'region_id = $2 AND ' END,
    f.column_name
) AS statement
FROM uit.retention_follower AS f
LEFT JOIN pg_attribute AS o ON o.attrelid = to_regclass(f.owner_name) AND o.attname = 'region_id'
ORDER BY f.owner_name, f.table_name;

-- name: read_region_ids
SELECT array_agg(id ORDER BY id) FROM uit.region;

-- name: owns_tables
SELECT pg_has_role(relowner, 'USAGE') AS owns_tables FROM pg_class WHERE oid = 'uit.retention'::regclass;
