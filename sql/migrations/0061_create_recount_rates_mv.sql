-- What counted at one delivery and now counts at another is taken back there. Sums of UInt64 are modulo 2^64, and what is
-- taken back stands in the row of what it was added to: so minus one may be written as 2^64 - 1, and no sum is below 0.
CREATE MATERIALIZED VIEW IF NOT EXISTS recount_rates_mv TO rates AS
SELECT
  arrayJoin(arrayConcat([''], attributed_segments)) AS segment,
  toStartOfFifteenMinutes(toDateTime(attributed_at, 'UTC')) AS quarter_hour,
  attributed_stream AS stream, attributed_campaign AS campaign, attributed_message_type AS message_type,
  attributed_audience AS audience, attributed_channel AS channel, attributed_category AS category,
  attributed_origin AS origin, recounts.trigger AS trigger,
  if(match(recounts.reason, '^[a-z][a-z0-9_]{0,39}$') OR recounts.reason = '', recounts.reason, 'other') AS reason,
  toUInt64(0) AS delivered, toUInt64(0) AS opened, toUInt64(0) AS clicked,
  toUInt64(sumIf(toInt64(sign), type = 'opted_out')) AS opt_outs,
  toUInt64(sumIf(toInt64(sign), type = 'complained')) AS complaints
FROM recounts
WHERE attributed_delivery != '' AND type IN ('opted_out', 'complained')
GROUP BY segment, quarter_hour, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
