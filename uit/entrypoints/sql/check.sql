-- name: read_version
SELECT current_setting('server_version_num')::integer AS version;

-- name: read_rights
-- Of the login itself, whatever role it takes while it works.
SELECT r.rolname::text AS login, r.rolsuper AS is_superuser,
    EXISTS (
        SELECT 1 FROM pg_class AS c
        WHERE c.oid = to_regclass('credits.transfer') AND (
            pg_has_role(r.oid, c.relowner, 'MEMBER') OR has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE')
        )
    ) AS may_change_ledger
FROM pg_roles AS r
WHERE r.rolname = session_user;

-- name: read_extensions
SELECT extname::text AS name FROM pg_extension;
