-- name: write_consent
UPDATE identity.person SET email_consent_on = $2 WHERE id = $1;
