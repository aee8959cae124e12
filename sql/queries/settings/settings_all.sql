-- Every setting in its newest version, as JSON by key.
SELECT key, value, version, changed_at, changed_by
FROM settings FINAL
ORDER BY key
