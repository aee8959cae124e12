-- Every API key in its newest version, revoked ones too.
SELECT id, name, hash, scopes, created_at, version, revoked
FROM api_keys FINAL
ORDER BY created_at, id
