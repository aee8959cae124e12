CREATE MATERIALIZED VIEW IF NOT EXISTS event_rates_hourly_mv TO rates_hourly AS
SELECT
  arrayJoin(arrayConcat([''], segments)) AS segment, toStartOfHour(toDateTime(occurred_at, 'UTC')) AS hour,
  stream, campaign, message_type, channel, category, origin,
  countIf(type = 'delivered') AS delivered,
  countIf(type = 'opened' AND NOT has(flags, 'machine')) AS opened,
  countIf(type = 'clicked' AND NOT has(flags, 'machine')) AS clicked,
  toUInt64(0) AS opt_outs,
  toUInt64(0) AS complaints
FROM events
WHERE type IN ('delivered', 'opened', 'clicked')
GROUP BY segment, hour, stream, campaign, message_type, channel, category, origin
