-- What a place has for who needs it, as UiTdatabank names it: a wheelchair place, an induction loop.
ALTER TABLE organisers.event ADD COLUMN facilities text[] NOT NULL DEFAULT '{}';
