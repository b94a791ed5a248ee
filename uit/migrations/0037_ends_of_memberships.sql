-- A last day still to come is kept while a clerk's end stands, so that who takes the end back gives no more than there was.
ALTER TABLE passes.membership ADD COLUMN given_until date;
COMMENT ON COLUMN passes.membership.given_until IS 'The last day that it had when it was ended; NULL: none, or it runs.';
