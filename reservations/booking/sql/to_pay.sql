-- name: read_vendor
SELECT name, enterprise_number AS number FROM organisers.organiser WHERE region_id = $1 AND id = $2;
