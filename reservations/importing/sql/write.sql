-- name: read_social_bp
SELECT holder_bp FROM credits.share_version
WHERE region_id = $1 AND starts_on <= $2 ORDER BY starts_on DESC, version DESC LIMIT 1;
