-- What two at the same moment may not both write, and how long the trail of their acts is kept.

-- On a day, an organiser has one agreement with a programme. An exclusion cannot be validated later, and there are few rows.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE credits.agreement ADD CONSTRAINT one_agreement_at_a_time EXCLUDE USING gist (
    region_id WITH =, programme_id WITH =, organiser_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&
);

-- One term for the whole trail, and for what gives its rows a name: who acted, by which role, and every look in the vault.
-- Acts on money prove the accounts; acts on persons answer who saw or changed their data, while one can still claim for it.
INSERT INTO uit.retention_class (name, keep, basis) VALUES
    ('trail', interval '10 years', 'Audit trail: proof of the accounts (art. III.86 Code of Economic Law), and who saw or changed '
        'somebody''s data (art. 15 GDPR), until claims lapse (art. 2262bis old Civil Code).');
UPDATE uit.retention SET class = 'trail', since = 'at' WHERE table_name = 'uit.audit';
UPDATE uit.retention SET class = 'trail' WHERE class = 'log';
DELETE FROM uit.retention_class WHERE name = 'log';

-- The trail is written in the order of time, so this stays small; without it the worker reads all of it to find what is due.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX audit_age ON uit.audit USING brin (at);
