CREATE MATERIALIZED VIEW IF NOT EXISTS exposures_mv TO exposures AS
SELECT person, stream, min(occurred_at) AS first_at, max(occurred_at) AS last_at, count() AS deliveries
FROM events
WHERE type = 'delivered'
GROUP BY person, stream
