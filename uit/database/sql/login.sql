-- name: has_database
SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1) AS has_database;

-- name: create_database
SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $2::text) AS create_database;

-- name: set_login
-- Makes the login $1 or sets it right, with the verifier of its password or without one.
SELECT format(
    '%s ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %s',
    CASE WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1::text) THEN 'ALTER' ELSE 'CREATE' END,
    $1::text, coalesce(quote_literal($2::text), 'NULL')
) AS set_login;

-- name: set_up_roles
-- The roles that migrations look for, so that their owner needs no right to make any. It may pass them on: 0001 does.
SELECT format('CREATE ROLE %I NOLOGIN', role) AS statement
FROM unnest(ARRAY['uit_app', 'uit_vault', 'uit_report']) AS role
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role)
UNION ALL
SELECT format('GRANT uit_app, uit_vault TO %I WITH ADMIN OPTION', $1::text)
UNION ALL
SELECT 'ALTER ROLE uit_report SET default_transaction_read_only = on'
UNION ALL
SELECT 'ALTER ROLE uit_report SET statement_timeout = ''5min''';

-- name: memberships_too_many
-- Whatever one of these roles could become.
SELECT format('REVOKE %I FROM %I', granted.rolname, member.rolname) AS statement
FROM pg_auth_members AS m
JOIN pg_roles AS granted ON granted.oid = m.roleid
JOIN pg_roles AS member ON member.oid = m.member
WHERE member.rolname = ANY ($1)
ORDER BY 1;

-- name: give_to_owner
-- Schemas, tables, sequences, functions and types that belong to somebody else than $1; what extensions brought stays.
WITH thing AS (
    SELECT 1 AS rank, 'SCHEMA' AS kind, quote_ident(n.nspname) AS name, n.nspowner AS owner, n.oid, n.oid AS schema
    FROM pg_namespace AS n
    WHERE n.nspname <> 'public'
    UNION ALL
    SELECT 2, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
        c.oid::regclass::text, c.relowner, c.oid, c.relnamespace
    FROM pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (
        SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
            AND d.refclassid = 'pg_class'::regclass
    )
    UNION ALL
    SELECT 3, 'ROUTINE', p.oid::regprocedure::text, p.proowner, p.oid, p.pronamespace FROM pg_proc AS p
    UNION ALL
    SELECT 4, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid::regtype::text, t.typowner, t.oid, t.typnamespace
    FROM pg_type AS t
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c'
    UNION ALL
    SELECT 5, 'TEXT SEARCH CONFIGURATION', t.oid::regconfig::text, t.cfgowner, t.oid, t.cfgnamespace FROM pg_ts_config AS t
)
SELECT format('ALTER %s %s OWNER TO %I', thing.kind, thing.name, $1::text) AS statement
FROM thing
JOIN pg_namespace AS n ON n.oid = thing.schema
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND pg_get_userbyid(thing.owner) <> $1
    AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = thing.oid AND d.deptype = 'e')
ORDER BY thing.rank, thing.name;

-- name: limit_database
-- Nobody else connects, nobody makes tables of their own, and no large object is made by who only reads.
SELECT format(
    'ALTER DATABASE %1$I OWNER TO %2$I; REVOKE ALL ON DATABASE %1$I FROM PUBLIC; GRANT CONNECT ON DATABASE %1$I TO uit_app, uit_report;'
    ' REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC',
    current_database(), $1::text
) AS limit_database;
