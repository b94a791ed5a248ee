-- Who booked a date that is called off chooses what becomes of it. See docs/decisions/0058-who-booked-chooses.md.

-- `choose_until`: until when, of a date that was called off; NULL where all of it goes back at once. `told_at`: since when a date is
-- not what was booked, so that its organiser sees what became of each booking since. An application of before reads neither, and
-- ends the bookings at once.
ALTER TABLE reservations.session ADD COLUMN choose_until timestamptz, ADD COLUMN told_at timestamptz;
