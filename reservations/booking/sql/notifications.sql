-- name: write_outbox
SELECT uit.write_outbox($1, $2, $3);
