-- name: select_towns
SELECT refnis, region_id FROM uit.region_municipality;
