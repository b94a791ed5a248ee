-- What is kept until somebody decides otherwise, said as such.

COMMENT ON COLUMN uit.retention_class.keep IS
    'How long the worker keeps a row before it erases it. NULL: it erases nothing; `basis` says why, and until when.';
COMMENT ON COLUMN uit.retention.since IS
    'The column that says since when a row is over. NULL: it goes with its owner, or its class is kept.';

-- An account without its transfers no longer adds up, and no row says from when the years of a purse would count.
INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('accounts', NULL, 'Accounts: ten years at least (art. III.86 Code of Economic Law). Kept until there is a procedure that closes '
        'a year, hands it to the archive and carries its balances forward.');
UPDATE uit.retention SET class = 'accounts' WHERE table_name LIKE 'credits.%';
-- This one says when it is over, and no row refers to it.
UPDATE uit.retention SET since = 'ends_on' WHERE table_name = 'organisers.mandate';

-- Each dossier has a history that refers to it, so none was ever erased. Destroying one is for the archive to decide.
UPDATE uit.retention_class
SET keep = NULL, basis = 'Administrative dossiers: kept until the local archive has decided, under its selection list, what becomes of '
    'each. An award stands in the public register.'
WHERE name = 'dossier';
UPDATE uit.retention SET since = NULL WHERE class = 'dossier';

-- What a booking has of a hall goes with it, as its lines and tickets do.
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('reservations.booking', 'reservations.allocation', 'booking_id');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX allocation_of_booking ON reservations.allocation (region_id, booking_id) WHERE booking_id IS NOT NULL;

-- A ticket has no id of its own: it is a number on a line of a booking, and that booking is its `owner`.
ALTER TABLE uit.foreign_id ADD COLUMN line_no smallint, ADD COLUMN ticket_no smallint;
-- No ticket came in yet, so every row passes, and reading them takes a moment.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE uit.foreign_id ADD CONSTRAINT a_ticket_and_nothing_else_has_its_numbers CHECK (
    num_nulls(line_no, ticket_no) = CASE kind WHEN 'ticket' THEN 0 ELSE 2 END
);
COMMENT ON COLUMN uit.foreign_id.owner IS 'Our row: its id, or for a ticket the id of its booking.';
-- A door shows a barcode and cannot say whose it is; two systems may have given the same one.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX foreign_barcode ON uit.foreign_id (region_id, barcode) WHERE barcode IS NOT NULL;
