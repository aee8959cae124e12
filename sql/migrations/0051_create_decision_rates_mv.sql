-- Everything is the delivery's, also where the request named another stream or none: so no rate exceeds 100 %.
CREATE MATERIALIZED VIEW IF NOT EXISTS decision_rates_mv TO rates AS
SELECT
  arrayJoin(arrayConcat([''], attributed_segments)) AS segment,
  toStartOfFifteenMinutes(toDateTime(attributed_at, 'UTC')) AS quarter_hour,
  attributed_stream AS stream, attributed_campaign AS campaign, attributed_message_type AS message_type,
  attributed_audience AS audience, attributed_channel AS channel, attributed_category AS category,
  attributed_origin AS origin, decisions.trigger AS trigger,
  if(match(decisions.reason, '^[a-z][a-z0-9_]{0,39}$') OR decisions.reason = '', decisions.reason, 'other') AS reason,
  toUInt64(0) AS delivered, toUInt64(0) AS opened, toUInt64(0) AS clicked,
  countIf(type = 'opted_out') AS opt_outs,
  countIf(type = 'complained') AS complaints
FROM decisions
WHERE attributed_delivery != '' AND type IN ('opted_out', 'complained')
GROUP BY segment, quarter_hour, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
