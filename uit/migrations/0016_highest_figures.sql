-- The highest figure that can be true: a year has 366 days at most, a share is never above 100 %. None: no limit.
-- A set has tens of criteria, so nobody waits while they are checked.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE labels.criterion ADD COLUMN most bigint, ADD CONSTRAINT most_can_be_met CHECK (most >= least);
