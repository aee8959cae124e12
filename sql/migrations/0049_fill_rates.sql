-- What was stored before. Where it is run again after a crash it adds nothing.
INSERT INTO rates
SELECT
  arrayJoin(arrayConcat([''], segments)) AS segment, toStartOfFifteenMinutes(toDateTime(occurred_at, 'UTC')) AS quarter_hour,
  stream, campaign, message_type, audience, channel, category, origin, trigger, reason,
  countIf(type = 'delivered') AS delivered,
  countIf(type = 'opened' AND NOT has(flags, 'machine')) AS opened,
  countIf(type = 'clicked' AND NOT has(flags, 'machine')) AS clicked,
  countIf(type = 'opted_out') AS opt_outs,
  countIf(type = 'complained') AS complaints
FROM
(
  SELECT toString(type) AS type, occurred_at, segments, flags, toString(stream) AS stream,
    toString(campaign) AS campaign, toString(message_type) AS message_type, toString(audience) AS audience,
    toString(channel) AS channel, toString(category) AS category, toString(origin) AS origin,
    '' AS trigger, '' AS reason
  FROM events
  WHERE type IN ('delivered', 'opened', 'clicked')
  UNION ALL
  SELECT toString(type), attributed_at, attributed_segments, [], toString(attributed_stream),
    toString(attributed_campaign), toString(attributed_message_type), toString(attributed_audience),
    toString(attributed_channel), toString(attributed_category), toString(attributed_origin),
    toString(trigger), if(match(reason, '^[a-z][a-z0-9_]{0,39}$') OR reason = '', reason, 'other')
  FROM decisions
  WHERE attributed_delivery != '' AND type IN ('opted_out', 'complained')
)
WHERE (SELECT count() FROM rates) = 0
GROUP BY segment, quarter_hour, stream, campaign, message_type, audience, channel, category, origin, trigger, reason
