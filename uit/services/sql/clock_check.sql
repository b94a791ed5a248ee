-- name: read_clock
SELECT clock_timestamp() AS now;
