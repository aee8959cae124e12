-- Notices that wait and are due, the oldest first.
SELECT id, version, incident, type, place, attempts, made_at, payload
FROM alert_notices FINAL
WHERE state = 'waiting' AND next_at <= {now:DateTime64(3)}
ORDER BY made_at, id
LIMIT {most:UInt32}
