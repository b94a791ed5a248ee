-- name: read_seller_contact
SELECT name, phone, email FROM organisers.organiser WHERE region_id = $1 AND id = $2;
