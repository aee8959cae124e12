CREATE MATERIALIZED VIEW IF NOT EXISTS returns_mv TO returns AS
SELECT stream, person, occurred_at, received_at
FROM events
WHERE type IN ('opened', 'clicked') AND NOT has(flags, 'machine')
