-- A message of the outbox is waiting, lent to a worker, delivered, or failed: see decision 0010.
ALTER TABLE uit.outbox
    ADD COLUMN lease uuid,
    ADD COLUMN failed_at timestamptz,
    ADD COLUMN blocks boolean NOT NULL DEFAULT false,
    -- squawk-ignore constraint-missing-not-valid
    ADD CONSTRAINT outbox_ends_once CHECK (delivered_at IS NULL OR failed_at IS NULL);
COMMENT ON COLUMN uit.outbox.lease IS 'Whom it is lent to until due_at: only that worker may say how it went.';
COMMENT ON COLUMN uit.outbox.blocks IS 'Failed, and those behind it with the same key wait until an operator decides.';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX outbox_due ON uit.outbox (region_id, due_at, id) WHERE delivered_at IS NULL AND failed_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX outbox_failed ON uit.outbox (region_id, failed_at) WHERE failed_at IS NOT NULL;
