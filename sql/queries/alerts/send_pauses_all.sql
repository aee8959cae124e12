-- Pauses of sending in their newest version: those that may still hold, and those of the last 400 days.
SELECT id, version, stream, campaign, from_at, until, lifted_at, incident, why, changed_by
FROM send_pauses FINAL
WHERE (lifted_at IS NULL AND (until IS NULL OR until > {now:DateTime64(3)})) OR from_at >= {now:DateTime64(3)} - INTERVAL 400 DAY
ORDER BY from_at DESC, id
