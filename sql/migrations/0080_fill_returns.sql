-- What was stored before. Where it is run again after a crash it adds nothing.
INSERT INTO returns (stream, person, occurred_at, received_at)
SELECT stream, person, occurred_at, received_at
FROM events
WHERE type IN ('opened', 'clicked') AND NOT has(flags, 'machine') AND (SELECT count() FROM returns) = 0
