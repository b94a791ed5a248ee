-- name: end_sign_ins
-- Everybody signs in again and every client asks for another token; links that lie in a mail, and those of a door,
-- are asked for anew.
WITH session AS (
    UPDATE identity.session SET revoked_at = $1 WHERE revoked_at IS NULL RETURNING digest
), token AS (
    UPDATE identity.access_token SET revoked_at = $1 WHERE revoked_at IS NULL RETURNING digest
), link AS (
    UPDATE identity.link SET used_at = $1 WHERE used_at IS NULL RETURNING digest
), door AS (
    UPDATE identity.door_link SET revoked_at = $1 WHERE revoked_at IS NULL RETURNING digest
)
SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM token) + (SELECT count(*) FROM link)
    + (SELECT count(*) FROM door) AS end_sign_ins;

-- name: last_act_at
-- Until when what was restored reaches, as far as the trail tells.
SELECT coalesce(to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'), 'no day') AS last_act_at FROM uit.audit;
