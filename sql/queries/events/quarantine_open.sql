-- Rows that wait in quarantine, the nearest deadline first. What they held stays sealed.
SELECT id, received_at, deadline_at, door, code, detail, field
FROM quarantine FINAL
WHERE state = 'open'
ORDER BY deadline_at, id
LIMIT {limit:UInt32}
