-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What one check-in let in. A pass lets in several at once, an id counts for one check-in, and a mistake is taken back by it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ticket_of_checkin ON reservations.ticket (region_id, checkin_id)
WHERE checkin_id IS NOT NULL;
