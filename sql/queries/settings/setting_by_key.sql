-- The latest value of one setting, as JSON.
SELECT value, version, changed_at, changed_by
FROM settings FINAL
WHERE key = {key:String}
