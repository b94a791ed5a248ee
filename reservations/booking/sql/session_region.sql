-- name: region_of_session
SELECT region_id FROM uit.directory WHERE kind = 'session' AND key = $1;
