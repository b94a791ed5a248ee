-- name: server_version
SELECT current_setting('server_version_num')::integer AS server_version;

-- name: count_things
-- Schemas, tables and functions that somebody made here: 0 in a new database.
SELECT (
    SELECT count(*) FROM pg_namespace AS n WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('public', 'information_schema')
)::integer + (
    SELECT count(*) FROM pg_class AS c
    WHERE c.relnamespace = to_regnamespace('public') AND NOT EXISTS (
        SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e'
    )
)::integer AS count_things;

-- name: read_roles
-- A role is made without rights beyond its own: a superuser that owned tables comes back as a login like others.
WITH here AS (
    SELECT oid FROM pg_database WHERE datname = current_database()
), named AS (
    SELECT d.refobjid AS oid FROM pg_shdepend AS d
    JOIN here ON d.dbid = here.oid OR (d.dbid = 0 AND d.classid = 'pg_database'::regclass AND d.objid = here.oid)
    WHERE d.refclassid = 'pg_authid'::regclass
    UNION
    SELECT c.relowner FROM pg_class AS c JOIN uit.retention AS r ON to_regclass(r.table_name) = c.oid
), role AS (
    SELECT r.oid, r.rolname, r.rolcanlogin FROM pg_roles AS r JOIN named USING (oid) WHERE r.rolname NOT LIKE 'pg\_%'
)
SELECT format(
    'DO $do$ BEGIN CREATE ROLE %I %s; EXCEPTION WHEN duplicate_object THEN NULL; END $do$',
    rolname, CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END
) AS statement
FROM role
UNION ALL
SELECT format('ALTER ROLE %I SET %s TO %L', role.rolname, split_part(setting, '=', 1), substring(setting FROM '=(.*)'))
FROM role
JOIN pg_db_role_setting AS s ON s.setrole = role.oid AND s.setdatabase = 0
CROSS JOIN unnest(s.setconfig) AS setting
UNION ALL
SELECT format(
    'GRANT %I TO %I%s', granted.rolname, member.rolname, CASE WHEN bool_or(m.admin_option) THEN ' WITH ADMIN OPTION' ELSE '' END
)
FROM pg_auth_members AS m
JOIN role AS granted ON granted.oid = m.roleid
JOIN role AS member ON member.oid = m.member
GROUP BY granted.rolname, member.rolname;
