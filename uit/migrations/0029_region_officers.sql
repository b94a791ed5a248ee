-- Who runs a region: its organisers, its clients and its colleagues.
ALTER TYPE identity.staff_role ADD VALUE IF NOT EXISTS 'region_officer';

-- What a client may do; those of before may do all that there is.
ALTER TABLE identity.client ADD COLUMN IF NOT EXISTS scopes text[] NOT NULL
    DEFAULT '{read,quote,book,cancel,check_in,invoice}';

-- `python -m uit check` says whether the schema is that of the version that asks.
GRANT SELECT ON public.uit_migration TO uit_app;
