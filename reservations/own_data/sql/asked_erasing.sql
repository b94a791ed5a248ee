-- name: is_fresh
-- Whether somebody signed in with this session since a moment.
SELECT EXISTS (SELECT 1 FROM identity.session WHERE digest = $1 AND revoked_at IS NULL AND created_at >= $2);
