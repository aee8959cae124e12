CREATE MATERIALIZED VIEW IF NOT EXISTS segment_flows_hourly_mv TO segment_flows_hourly AS
SELECT segment, toStartOfHour(toDateTime(at, 'UTC')) AS hour, countIf(edge = 'entered') AS entered, countIf(edge = 'left') AS left
FROM memberships
GROUP BY segment, hour
