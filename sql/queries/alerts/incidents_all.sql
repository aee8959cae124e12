-- Every incident in its newest version, the newest first; `body` is JSON.
SELECT id, version, body FROM incidents FINAL
WHERE opened_at >= {since:DateTime64(3)} OR is_open
ORDER BY opened_at DESC, id
LIMIT {most:UInt32}
