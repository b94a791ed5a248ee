-- name: read_position
-- How far its log is written here, or replayed where it follows another server. `cluster_id` is the same for a primary and its
-- standbys, `started_at` different for each.
SELECT (SELECT system_identifier FROM pg_control_system()) AS cluster_id,
    pg_postmaster_start_time() AS started_at,
    pg_is_in_recovery() AS is_standby,
    pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0'
    )::bigint AS bytes;
