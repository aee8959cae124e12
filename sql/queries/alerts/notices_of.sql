-- What became of the notices of one incident; '' tells of all, the newest first.
SELECT id, incident, type, place, state, attempts, made_at, next_at, acknowledged_at, status, detail
FROM alert_notices FINAL
WHERE {incident:String} = '' OR incident = {incident:String}
ORDER BY made_at DESC, id
LIMIT {most:UInt32}
