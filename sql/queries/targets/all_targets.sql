-- Every target in its newest version, oldest first, deleted ones too: receipts go on naming them.
SELECT
  id, version, name, kind, url, options, sealed, enabled, disabled_for, since, created_at, changed_at, changed_by, deleted
FROM targets FINAL
ORDER BY created_at, id
