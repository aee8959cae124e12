CREATE MATERIALIZED VIEW IF NOT EXISTS recount_rates_hourly_mv TO rates_hourly AS
SELECT
  arrayJoin(arrayConcat([''], attributed_segments)) AS segment, toStartOfHour(toDateTime(attributed_at, 'UTC')) AS hour,
  attributed_stream AS stream, attributed_campaign AS campaign, attributed_message_type AS message_type,
  attributed_channel AS channel, attributed_category AS category, attributed_origin AS origin,
  toUInt64(0) AS delivered, toUInt64(0) AS opened, toUInt64(0) AS clicked,
  sumIf(toInt64(sign), type = 'opted_out') AS opt_outs,
  sumIf(toInt64(sign), type = 'complained') AS complaints
FROM recounts
WHERE attributed_delivery != '' AND type IN ('opted_out', 'complained')
GROUP BY segment, hour, stream, campaign, message_type, channel, category, origin
