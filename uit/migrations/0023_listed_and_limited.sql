-- What UiTdatabank says of an event besides its dates: when it is shown, and the years of birth it is meant for.
ALTER TABLE organisers.event
    ADD COLUMN visible_from timestamptz,
    ADD COLUMN visible_to timestamptz,
    ADD COLUMN born_from date,
    ADD COLUMN born_to date;

-- What one ticket of a tariff draws on its pools, from how many tickets on it is sold, and who may have it by birth date. Rows of before
-- are not looked at: none of them has an age.
ALTER TABLE reservations.tariff
    ADD COLUMN weight smallint NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
    ADD COLUMN least smallint NOT NULL DEFAULT 1 CHECK (least BETWEEN 1 AND 1000),
    ADD COLUMN born_from date,
    ADD COLUMN born_to date,
    ADD CONSTRAINT ages_are_a_band CHECK (age_from <= age_to) NOT VALID,
    ADD CONSTRAINT births_are_a_band CHECK (born_from <= born_to) NOT VALID;
