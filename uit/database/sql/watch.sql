-- name: ask_to_read
SELECT true AS answers;

-- name: ask_to_write
-- Nothing stays of it but a message in the log of the server, which has to be on disk (and on a synchronous standby) before
-- the answer, and a temporary file meanwhile, since `work_mem` is too small. On a standby or in read-only mode: false.
SELECT CASE WHEN current_setting('transaction_read_only')::boolean THEN false
    ELSE pg_logical_emit_message(true, 'uit.watch', '') IS NOT NULL AND count(*) > 0 END AS writes
FROM generate_series(1, 20000);
