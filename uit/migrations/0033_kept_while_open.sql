-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What is still open is not erased, however old it is.
ALTER TABLE uit.retention ADD COLUMN IF NOT EXISTS kept_while text;
COMMENT ON COLUMN uit.retention.kept_while IS
    'A condition on a row `t` of the table, of region $3 where it has one: while it holds, the row is not erased. NULL: its age alone counts.';

-- A booking of which credit is put aside, places are held, a payment is awaited, or money has to go back.
UPDATE uit.retention SET kept_while =
    'EXISTS (SELECT 1 FROM credits.transfer AS h WHERE h.region_id = $3 AND h.booking_id = t.id AND h.kind = ''hold'' '
    'AND NOT EXISTS (SELECT 1 FROM credits.resolution AS r WHERE r.region_id = $3 AND r.hold_id = h.id)) '
    'OR EXISTS (SELECT 1 FROM reservations.ticket AS k WHERE k.region_id = $3 AND k.booking_id = t.id AND k.status = ''held'') '
    'OR EXISTS (SELECT 1 FROM credits.payment AS p WHERE p.region_id = $3 AND p.booking_id = t.id AND p.status = ''pending'') '
    'OR EXISTS (SELECT 1 FROM credits.refund AS f WHERE f.region_id = $3 AND f.booking_id = t.id AND f.status <> ''done'')'
WHERE table_name = 'reservations.booking';

-- What the figures of an operator read every few seconds.
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_awaited ON credits.payment (made_at) WHERE status = 'pending' AND means = 'card';
