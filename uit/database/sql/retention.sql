-- name: read_erasures
-- For each table with a term: the statement that erases up to $2 of the rows whose term had passed at $1, and answers how
-- many. A row that another still refers to stays until that one is gone, and one that is still open (`kept_while`) until it is
-- not; what goes along without a foreign key (`uit.retention_follower`) goes in the same statement.
WITH reference AS (
    SELECT k.confrelid AS parent, format(
        ' AND NOT EXISTS (SELECT 1 FROM %s AS c WHERE %s)', k.conrelid::regclass,
        string_agg(format('c.%I = t.%I', child.attname, parent.attname), ' AND ')
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
), follower AS (
    SELECT f.owner_name, format(
        ', %I AS (DELETE FROM %s AS f USING gone AS g WHERE f.%I = g.id%s)', 'with ' || f.table_name, f.table_name,
        f.column_name, CASE WHEN o.attname IS NOT NULL THEN ' AND f.region_id = g.region_id' END
    ) AS clause
    FROM uit.retention_follower AS f
    LEFT JOIN pg_attribute AS o ON o.attrelid = to_regclass(f.owner_name) AND o.attname = 'region_id'
)
SELECT r.table_name, format(
    'WITH gone AS (DELETE FROM %1$s WHERE (%6$s) IN ('
    'SELECT %6$s FROM %1$s AS t WHERE t.%2$I::timestamptz <= $1::timestamptz - %3$L::interval%4$s%7$s LIMIT $2'
    ') RETURNING *)%5$s SELECT count(*) FROM gone',
    r.table_name, r.since, c.keep,
    (SELECT string_agg(clause, '') FROM reference WHERE parent = to_regclass(r.table_name)),
    (SELECT string_agg(clause, '') FROM follower WHERE owner_name = r.table_name),
    (SELECT columns FROM own_key WHERE owner = to_regclass(r.table_name)),
    ' AND NOT (' || r.kept_while || ')'
) AS statement
FROM uit.retention AS r
JOIN uit.retention_class AS c ON c.name = r.class
WHERE r.since IS NOT NULL AND c.keep IS NOT NULL;

-- name: owns_tables
SELECT pg_has_role(relowner, 'USAGE') AS owns_tables FROM pg_class WHERE oid = 'uit.retention'::regclass;
