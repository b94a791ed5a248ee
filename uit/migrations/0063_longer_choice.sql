-- Who booked a date that is called off gets longer to choose. See docs/decisions/0066-what-changes-is-told.md.

-- `choose_promised`: until when it was promised first, where it is later by now: what is given more is bounded by it.
-- `longer_reason`: why it is longer, as everybody reads it who still has to choose. An application of before reads `choose_until`
-- alone, which says until when.
ALTER TABLE reservations.session ADD COLUMN choose_promised timestamptz, ADD COLUMN longer_reason text;
