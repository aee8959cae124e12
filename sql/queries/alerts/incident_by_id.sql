-- One incident in its newest version.
SELECT id, version, body FROM incidents FINAL
WHERE id = {id:UUID}
