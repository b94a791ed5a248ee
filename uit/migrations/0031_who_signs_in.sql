-- Who signs in: browsers known from before, what a list of one's sessions says of each, and passkeys of staff.

-- A browser in which somebody signed in. It is let through where others are asked to wait, and holds nothing of them.
CREATE TABLE identity.device (
    digest bytea NOT NULL,
    owner_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(person_id, staff_id)) STORED,
    person_id uuid REFERENCES identity.person,
    staff_id uuid REFERENCES identity.staff,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (digest, owner_id),
    CONSTRAINT one_kind_of_user CHECK (num_nonnulls(person_id, staff_id) = 1)
);
CREATE INDEX device_expiry ON identity.device (expires_at);
CREATE INDEX device_of_person ON identity.device (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX device_of_staff ON identity.device (staff_id) WHERE staff_id IS NOT NULL;

-- Of staff only: the name of the browser, and the network it came from without its last part.
ALTER TABLE identity.session
    ADD COLUMN device_digest bytea,
    ADD COLUMN browser text NOT NULL DEFAULT '',
    ADD COLUMN network text NOT NULL DEFAULT '';

-- A link by which a member of staff makes a browser known.
ALTER TYPE identity.link_purpose ADD VALUE 'device';

-- WebAuthn credentials of staff. What is kept of one is public; its secret never leaves the device.
CREATE TABLE identity.passkey (
    id bytea PRIMARY KEY,
    staff_id uuid NOT NULL REFERENCES identity.staff ON DELETE CASCADE,
    name text NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX passkey_of_staff ON identity.passkey (staff_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.device, identity.passkey TO uit_app;

INSERT INTO uit.retention (table_name, class, since) VALUES
    ('identity.device', 'passing', 'expires_at'), ('identity.passkey', 'passing', NULL);
-- A passkey goes when its owner removes it, is invited again, or is erased.
INSERT INTO uit.retention_follower (owner_name, table_name, column_name) VALUES
    ('identity.staff', 'identity.passkey', 'staff_id');
