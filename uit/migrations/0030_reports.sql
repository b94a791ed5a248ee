-- Three logins instead of one: who migrates and erases, the application, and who reads for reports. `python -m uit logins`
-- lets them log in; here is what the last may read. See decision 0028.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'uit_report') THEN CREATE ROLE uit_report NOLOGIN; END IF;
END $$;

-- The application sees whether its database is up to date without being its owner.
GRANT SELECT ON public.uit_migration TO uit_app;

ALTER TABLE uit.retention_class ADD COLUMN is_reported boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN uit.retention_class.is_reported IS 'Whether uit_report reads tables of this class, but for uit.unreported.';
UPDATE uit.retention_class SET is_reported = true
WHERE name IN ('reference', 'scheme', 'accounts', 'dossier', 'booking');

-- What reports do not read of a table that they read. Digests, seals and signatures (bytea) never are.
CREATE TABLE uit.unreported (
    table_name text NOT NULL,
    column_name text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (table_name, column_name)
);
COMMENT ON COLUMN uit.unreported.table_name IS '*: whatever table has such a column, also one of a later migration.';
COMMENT ON COLUMN uit.unreported.column_name IS '*: the whole table.';
INSERT INTO uit.retention (table_name, class, since) VALUES ('uit.unreported', 'reference', NULL);
INSERT INTO uit.unreported (table_name, column_name, reason) VALUES
    ('*', 'email', 'A contact.'), ('*', 'phone', 'A contact.'), ('*', 'contact', 'A contact.'),
    ('credits.customer', 'street', 'A contact.'), ('*', 'iban', 'An account at a bank.'),
    ('credits.payment', 'account', 'An account at the provider.'),
    ('credits.seller', 'card_account', 'An account at the provider.'), ('credits.seller', 'signatories', 'Names of staff.'),
    ('*', 'reason', 'Typed by a person, and may name another.'),
    ('*', 'reference', 'Typed by a person, or read from a line of a bank.'),
    ('*', 'difference_reason', 'Typed by a person.'), ('*', 'signature_reason', 'Typed by a person.'),
    ('*', 'checkout_id', 'Leads to a payment page.'), ('*', 'checkout_url', 'Leads to a payment page.'),
    ('*', 'return_url', 'Leads to a booking.'),
    ('labels.draft_answer', '*', 'Was not sent yet.'),
    ('reservations.public_computer', '*', 'Network addresses.'),
    ('uit.directory', '*', 'Finds a person by a number.'),
    ('uit.foreign_id', '*', 'Names persons and tickets as other systems do.');

-- Gives uit_report what the two tables above say, and nothing else. The runner calls it after each migration, so that a
-- new table or column is read when its class says so, and a new class is not.
CREATE FUNCTION uit.grant_reports() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_statement text;
BEGIN
    FOR v_statement IN
        SELECT format('REVOKE ALL ON %s FROM uit_report;', r.table_name) || CASE WHEN count(a.attname) > 0 THEN format(
            ' GRANT USAGE ON SCHEMA %I TO uit_report; GRANT SELECT (%s) ON %s TO uit_report',
            split_part(r.table_name, '.', 1), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), r.table_name
        ) ELSE '' END
        FROM uit.retention AS r
        JOIN uit.retention_class AS c ON c.name = r.class
        LEFT JOIN pg_catalog.pg_attribute AS a ON c.is_reported AND a.attrelid = pg_catalog.to_regclass(r.table_name)
            AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid <> 'bytea'::regtype
            AND NOT EXISTS (
                SELECT 1 FROM uit.unreported AS u
                WHERE u.table_name IN ('*', r.table_name) AND u.column_name IN ('*', a.attname)
            )
        GROUP BY r.table_name
    LOOP
        EXECUTE v_statement;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION uit.grant_reports() FROM PUBLIC;
SELECT uit.grant_reports();
