-- name: lock_contact
SELECT booking_id, name, email, link_version, proven_at
FROM reservations.contact
WHERE region_id = $1 AND booking_id = $2
FOR NO KEY UPDATE;

-- name: raise_version
-- Not while a mail with the last link is still on its way: a request that is sent twice is one.
UPDATE reservations.contact SET link_version = link_version + 1
WHERE region_id = $1 AND booking_id = $2 AND NOT EXISTS (
    SELECT 1 FROM uit.outbox AS o
    WHERE o.region_id = $1 AND o.key = $2 AND o.topic = $3 AND o.delivered_at IS NULL AND o.failed_at IS NULL
);
