-- name: write_outbox
SELECT uit.write_outbox($1, $2, $3);

-- name: read_seller_contact
SELECT name, phone, email FROM organisers.organiser WHERE region_id = $1 AND id = $2;
