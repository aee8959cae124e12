CREATE MATERIALIZED VIEW IF NOT EXISTS event_rates_mv TO rates AS
SELECT
  arrayJoin(arrayConcat([''], segments)) AS segment, toStartOfFifteenMinutes(toDateTime(occurred_at, 'UTC')) AS quarter_hour,
  stream, campaign, message_type, audience, channel, category, origin,
  '' AS trigger, '' AS reason,
  countIf(type = 'delivered') AS delivered,
  countIf(type = 'opened' AND NOT has(flags, 'machine')) AS opened,
  countIf(type = 'clicked' AND NOT has(flags, 'machine')) AS clicked,
  toUInt64(0) AS opt_outs,
  toUInt64(0) AS complaints
FROM events
WHERE type IN ('delivered', 'opened', 'clicked')
GROUP BY segment, quarter_hour, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
