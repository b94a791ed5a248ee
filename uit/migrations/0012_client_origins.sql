-- Where a client's shop stands on the web: a payment page leads back to one of these origins, and nowhere else.
ALTER TABLE identity.client ADD COLUMN IF NOT EXISTS return_origins text[] NOT NULL DEFAULT '{}';
