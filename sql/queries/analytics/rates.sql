-- Deliveries, and the opt-outs and complaints attributed to them, for each value of up to two dimensions: in [from, to)
-- and in [previous_from, from). Everything stands in the quarter of an hour of the delivery, so no rate exceeds 1.
-- Segment '' is everybody: it is no row of the segments and the source of all other dimensions, so each delivery counts
-- once for each of its segments and once for any other dimension.
-- Trigger and reason are the opt-out's: a row of theirs has the deliveries of its other dimension, `exposed`.
-- Values without a delivery in the window are left out, but for everybody (where nothing is cut); `values` counts them before the limit.
-- Whole UTC days are read from rates_daily, the days that an instant cuts from rates: instants must be whole quarters.
-- @param first 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param second 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
WITH
  {first:String} IN ('trigger', 'reason') AS first_is_asked,
  {second:String} IN ('trigger', 'reason') AS second_is_asked,
  cut AS
  (
    SELECT arrayJoin([{previous_from:DateTime}, {from:DateTime}, {to:DateTime}]) AS instant, toDate(instant, 'UTC') AS day
    WHERE toUnixTimestamp(instant) % 86400 > 0
  ),
  counted AS
  (
    SELECT quarter_hour AS moment, segment, stream, campaign, message_type, audience, channel, category, origin, trigger,
      reason, delivered, opt_outs, complaints
    FROM rates
    WHERE (segment != '') = ({first:String} = 'segment' OR {second:String} = 'segment')
      AND quarter_hour >= {previous_from:DateTime} AND quarter_hour < {to:DateTime}
      AND toDate(quarter_hour) IN (SELECT day FROM cut)
    UNION ALL
    SELECT toDateTime(day, 'UTC') AS moment, segment, stream, campaign, message_type, audience, channel, category, origin,
      trigger, reason, delivered, opt_outs, complaints
    FROM rates_daily
    WHERE (segment != '') = ({first:String} = 'segment' OR {second:String} = 'segment')
      AND day >= toDate({previous_from:DateTime}, 'UTC') AND day < {to:DateTime}
      AND day NOT IN (SELECT day FROM cut)
  )
SELECT first_key, second_key, exposed AS delivered, opt_outs, complaints, previous_exposed AS previous_delivered,
  previous_opt_outs, previous_complaints, count() OVER () AS values
FROM
(
  SELECT *,
    sum(own) OVER (PARTITION BY if(first_is_asked, '', first_key), if(second_is_asked, '', second_key)) AS exposed,
    sum(previous_own) OVER (PARTITION BY if(first_is_asked, '', first_key), if(second_is_asked, '', second_key)) AS previous_exposed
  FROM
  (
    SELECT
      toString(multiIf({first:String} = 'none', '', {first:String} = 'segment', segment, {first:String} = 'stream', stream,
      {first:String} = 'campaign', campaign, {first:String} = 'channel', channel, {first:String} = 'category', category,
      {first:String} = 'origin', origin, {first:String} = 'message_type', message_type, {first:String} = 'audience', audience,
      {first:String} = 'trigger', trigger, reason)) AS first_key,
      toString(multiIf({second:String} = 'none', '', {second:String} = 'segment', segment, {second:String} = 'stream', stream,
      {second:String} = 'campaign', campaign, {second:String} = 'channel', channel, {second:String} = 'category', category,
      {second:String} = 'origin', origin, {second:String} = 'message_type', message_type, {second:String} = 'audience', audience,
      {second:String} = 'trigger', trigger, reason)) AS second_key,
      sumIf(counted.delivered, moment >= {from:DateTime}) AS own,
      sumIf(counted.opt_outs, moment >= {from:DateTime}) AS opt_outs,
      sumIf(counted.complaints, moment >= {from:DateTime}) AS complaints,
      sumIf(counted.delivered, moment < {from:DateTime}) AS previous_own,
      sumIf(counted.opt_outs, moment < {from:DateTime}) AS previous_opt_outs,
      sumIf(counted.complaints, moment < {from:DateTime}) AS previous_complaints
    FROM counted
    GROUP BY first_key, second_key
  )
)
WHERE (exposed > 0 OR ({first:String} = 'none' AND {second:String} = 'none'))
  AND NOT ((first_is_asked OR second_is_asked) AND opt_outs + complaints + previous_opt_outs + previous_complaints = 0)
ORDER BY exposed DESC, if(first_is_asked OR second_is_asked, opt_outs + complaints, 0) DESC, first_key, second_key
LIMIT {limit:UInt32}
