-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What is one each is so by this index too; see 0034_one_each.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_place_each ON reservations.ticket (region_id, session_id, personal_to)
WHERE personal_to IS NOT NULL AND status IN ('held', 'confirmed', 'attended', 'no_show');
-- A membership that has a last day is rare. The worker ends those of which it is past.
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_to_end ON passes.membership (ends_on, region_id)
WHERE ends_on IS NOT NULL AND status <> 'ended';
-- What a holder has at a price of a session, without reading all that they ever booked.
CREATE INDEX CONCURRENTLY IF NOT EXISTS line_of_holder_at_price
ON reservations.line (region_id, holder_id, session_id, tariff_code) WHERE holder_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS reservations.line_of_holder;
