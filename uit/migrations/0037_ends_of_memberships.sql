-- outside a transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction, ban-drop-constraint
-- A last day still to come is kept while a clerk's end stands, so that who takes the end back gives no more than there was.
ALTER TABLE passes.membership ADD COLUMN IF NOT EXISTS given_until date;
COMMENT ON COLUMN passes.membership.given_until IS 'The last day that it had when it was ended; NULL: none, or it runs.';

-- A membership that nobody uses ends by rule: who has it is told, and some time later it ends.
ALTER TABLE passes.membership
    ADD COLUMN IF NOT EXISTS used_on date,
    ADD COLUMN IF NOT EXISTS warned_on date,
    ADD COLUMN IF NOT EXISTS looked_on date,
    ADD COLUMN IF NOT EXISTS is_unreached boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT IF EXISTS an_end_has_a_known_reason,
    ADD CONSTRAINT an_end_has_a_known_reason CHECK (ended_why IN ('died', 'moved', 'asked', 'over', 'unused')) NOT VALID;
COMMENT ON COLUMN passes.membership.used_on IS
    'A day on which it was used, and the last one when the worker looked: it may have been used since. NULL: look from `starts_on`.';
COMMENT ON COLUMN passes.membership.warned_on IS 'When its holder was told that it ends unless it is used.';
COMMENT ON COLUMN passes.membership.is_unreached IS 'Whether a mail that told so was refused for good.';
COMMENT ON COLUMN passes.membership.looked_on IS
    'The last day on which the worker looked whether it was used since its holder was told.';
ALTER TABLE identity.person ADD COLUMN IF NOT EXISTS signed_in_on date;
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_by_use ON passes.membership (coalesce(used_on, starts_on), region_id)
WHERE status <> 'ended';
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_warned ON passes.membership (region_id, warned_on)
WHERE warned_on IS NOT NULL AND status <> 'ended';
INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('unused', interval '3 years', 'A membership that was not used for so long ends; `identity` says how long it is kept after that.')
ON CONFLICT DO NOTHING;

-- Who asks is erased sooner: on a day that is written with their membership, and with the person when it was the last.
ALTER TABLE passes.membership ADD COLUMN IF NOT EXISTS erase_on date;
ALTER TABLE identity.person ADD COLUMN IF NOT EXISTS erase_on date;
ALTER TABLE uit.retention ADD COLUMN IF NOT EXISTS due_when text;
COMMENT ON COLUMN uit.retention.due_when IS
    'A condition at $1 on a row `t` of the table, of region $3 where it has one: while it holds, the row is due whatever its age. '
    'NULL: its age alone counts.';
UPDATE uit.retention SET due_when = 't.erase_on <= ($1::timestamptz AT TIME ZONE ''Europe/Brussels'')::date'
WHERE table_name IN ('passes.membership', 'identity.person');
UPDATE uit.retention SET due_when =
    'EXISTS (SELECT 1 FROM passes.membership AS m WHERE m.region_id = $3 AND m.id = t.membership_id '
    'AND m.erase_on <= ($1::timestamptz AT TIME ZONE ''Europe/Brussels'')::date)'
WHERE table_name = 'passes.card';
UPDATE uit.retention SET due_when =
    'EXISTS (SELECT 1 FROM identity.person AS p WHERE p.id = t.person_id '
    'AND p.erase_on <= ($1::timestamptz AT TIME ZONE ''Europe/Brussels'')::date)'
WHERE table_name IN ('identity.session', 'identity.link', 'identity.access_token', 'identity.device');
CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_to_erase ON passes.membership (region_id, erase_on) WHERE erase_on IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS person_to_erase ON identity.person (erase_on) WHERE erase_on IS NOT NULL;

-- The name and address of a booking that they made as a guest and claimed go with them, once nothing of it is to come.
UPDATE uit.retention SET due_when =
    'EXISTS (SELECT 1 FROM passes.membership AS m '
    'JOIN reservations.claimed_booking AS c ON c.region_id = $3 AND c.membership_id = m.id '
    'WHERE m.region_id = $3 AND m.erase_on <= ($1::timestamptz AT TIME ZONE ''Europe/Brussels'')::date AND c.booking_id = t.booking_id) '
    'AND NOT EXISTS (SELECT 1 FROM reservations.ticket AS k '
    'JOIN reservations.session AS s ON s.region_id = $3 AND s.id = k.session_id '
    'WHERE k.region_id = $3 AND k.booking_id = t.booking_id AND (k.status = ''held'' '
    'OR k.status = ''confirmed'' AND (s.ends_at > $1::timestamptz OR s.status IN (''postponed'', ''suspended''))))'
WHERE table_name = 'reservations.contact';

-- A membership is not erased, however long ago it ended, while credit of it is put aside, a place of its holder is held or to
-- come, or the name and address of a booking that its holder claimed are still there: they are found through it.
UPDATE uit.retention SET kept_while =
    'EXISTS (SELECT 1 FROM credits.purse AS g WHERE g.region_id = $3 AND g.wallet_id = t.id AND g.held_cents > 0) '
    'OR EXISTS (SELECT 1 FROM reservations.line AS l '
    'JOIN reservations.ticket AS k ON k.region_id = $3 AND k.booking_id = l.booking_id AND k.line_no = l.no '
    'JOIN reservations.session AS s ON s.region_id = $3 AND s.id = k.session_id '
    'WHERE l.region_id = $3 AND l.holder_id = t.id AND (k.status = ''held'' '
    'OR k.status = ''confirmed'' AND (s.ends_at > $1::timestamptz OR s.status IN (''postponed'', ''suspended'')))) '
    'OR EXISTS (SELECT 1 FROM reservations.claimed_booking AS c '
    'JOIN reservations.contact AS n ON n.region_id = $3 AND n.booking_id = c.booking_id '
    'WHERE c.region_id = $3 AND c.membership_id = t.id)'
WHERE table_name = 'passes.membership';
