-- What was booked before a name was asked is told from what was sold without one.

-- Since when an organiser asks a name: what was booked before and has none is told from what was sold without one.
ALTER TABLE organisers.event ADD COLUMN names_asked_at timestamptz;
COMMENT ON COLUMN organisers.event.names_asked_at IS
    'Since when asks_first_name is so. NULL while it is not, and where it was from the beginning or before this was kept.';
