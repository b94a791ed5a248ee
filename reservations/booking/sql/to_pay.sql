-- name: read_vendor_name
SELECT name FROM organisers.organiser WHERE region_id = $1 AND id = $2;
