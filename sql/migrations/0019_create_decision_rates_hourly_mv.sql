-- Everything is the delivery's, also where the request named another stream or none: so no rate exceeds 100 %.
CREATE MATERIALIZED VIEW IF NOT EXISTS decision_rates_hourly_mv TO rates_hourly AS
SELECT
  arrayJoin(arrayConcat([''], attributed_segments)) AS segment, toStartOfHour(toDateTime(attributed_at, 'UTC')) AS hour,
  attributed_stream AS stream, attributed_campaign AS campaign, attributed_message_type AS message_type,
  attributed_channel AS channel, attributed_category AS category, attributed_origin AS origin,
  toUInt64(0) AS delivered, toUInt64(0) AS opened, toUInt64(0) AS clicked,
  countIf(type = 'opted_out') AS opt_outs,
  countIf(type = 'complained') AS complaints
FROM decisions
WHERE attributed_delivery != '' AND type IN ('opted_out', 'complained')
GROUP BY segment, hour, stream, campaign, message_type, channel, category, origin
