-- name: read_server
SELECT quote_ident(current_database()) AS database_name, quote_ident(r.rolname) AS application_role,
    r.rolcanlogin AS may_log_in, coalesce(s.setconfig, '{}') AS settings
FROM pg_roles AS r
LEFT JOIN pg_database AS d ON d.datname = current_database()
LEFT JOIN pg_db_role_setting AS s ON s.setdatabase = d.oid AND s.setrole = 0
WHERE r.rolname = $1;

-- name: functions_with_a_plan_mode
-- One plan for all regions is right on a single server. Where regions are spread, the plan depends on the region.
SELECT format(
    '%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)
) AS signature
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
CROSS JOIN LATERAL unnest(p.proconfig) AS setting
WHERE starts_with(setting, 'plan_cache_mode=')
ORDER BY 1;

-- name: read_triggers
SELECT r.table_name, quote_ident(g.tgname) AS name
FROM pg_trigger AS g
JOIN uit.retention AS r ON to_regclass(r.table_name) = g.tgrelid
WHERE NOT g.tgisinternal
ORDER BY r.table_name, g.tgname;
