-- What an organiser says of an activity: that who goes there may not want it known, and that it asks a first name.
-- See docs/decisions/0048-several-people-and-discreet-activities.md.
ALTER TABLE organisers.event
    ADD COLUMN is_discreet boolean NOT NULL DEFAULT false,
    ADD COLUMN asks_first_name boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN organisers.event.is_discreet IS 'Parents of who is 12 or older see what it costs, and not what it is; no message names it.';
COMMENT ON COLUMN organisers.event.asks_first_name IS 'Whether tickets carry the first name of who comes with a pass.';
