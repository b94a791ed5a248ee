-- A name is shown of who read that it would be. See docs/decisions/0050-what-an-organiser-sees-of-who-booked.md.

ALTER TABLE organisers.event ADD COLUMN names_asked_at timestamptz, ADD COLUMN full_names_asked_at timestamptz;
COMMENT ON COLUMN organisers.event.names_asked_at IS
    'Since when asks_first_name is so. NULL while it is not, and where it was from the beginning or before this was kept.';
COMMENT ON COLUMN organisers.event.full_names_asked_at IS 'The same of asks_full_name.';
