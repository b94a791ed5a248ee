-- What two at the same moment may not both write, and how long the trail of their acts is kept.

-- On a day, an organiser has one agreement with a programme. An exclusion cannot be validated later, and there are few rows.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE credits.agreement ADD CONSTRAINT one_agreement_at_a_time EXCLUDE USING gist (
    region_id WITH =, programme_id WITH =, organiser_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&
);
