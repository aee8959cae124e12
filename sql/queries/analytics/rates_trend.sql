-- Deliveries, and the opt-outs and complaints attributed to them, for these pairs of values of up to two dimensions (the
-- n-th of each belong together) and each bucket of the delivery's time in [from, to). Sources as in rates. Buckets are
-- those of a time zone ('' is UTC), a bucket is told by the instant it begins; one without a delivery has no row. `week_shift` is how
-- many days a week begins before Monday.
-- UTC days that lie in one bucket are read from rates_daily, the others from rates: instants must be whole quarters.
-- @param first 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param second 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience' | 'trigger' | 'reason'
-- @param bucket 'hour' | 'day' | 'week' | 'month'
WITH
  if({zone:String} = '', 'UTC', {zone:String}) AS time_zone,
  {first:String} IN ('trigger', 'reason') AS first_is_asked,
  {second:String} IN ('trigger', 'reason') AS second_is_asked,
  arrayZip({first_keys:Array(String)}, {second_keys:Array(String)}) AS pairs,
  moment -> toDateTime(multiIf(
    {bucket:String} = 'hour', toUnixTimestamp(toStartOfHour(moment, time_zone)),
    {bucket:String} = 'day', toUnixTimestamp(toStartOfDay(moment, time_zone)),
    {bucket:String} = 'week', toUnixTimestamp(toDateTime(toStartOfWeek(toDate(moment, time_zone)
      + {week_shift:UInt8}, 1) - {week_shift:UInt8}, time_zone)),
    toUnixTimestamp(toDateTime(toStartOfMonth(moment, time_zone), time_zone))), 'UTC') AS bucket_of,
  cut AS
  (
    SELECT day
    FROM
    (
      SELECT toDateTime(toDate({from:DateTime}, 'UTC') + number, 'UTC') AS midnight, toDate(midnight) AS day,
        midnight + INTERVAL 85500 SECOND AS last_quarter
      FROM numbers(toUInt64(toDate({to:DateTime}, 'UTC') - toDate({from:DateTime}, 'UTC') + 1))
    )
    WHERE midnight < {from:DateTime} OR last_quarter >= {to:DateTime} OR bucket_of(midnight) != bucket_of(last_quarter)
  ),
  counted AS
  (
    SELECT quarter_hour AS moment, segment, stream, campaign, message_type, audience, channel, category, origin, trigger,
      reason, delivered, opt_outs, complaints
    FROM rates
    WHERE (segment != '') = ({first:String} = 'segment' OR {second:String} = 'segment')
      AND quarter_hour >= {from:DateTime} AND quarter_hour < {to:DateTime} AND toDate(quarter_hour) IN (SELECT day FROM cut)
    UNION ALL
    SELECT toDateTime(day, 'UTC') AS moment, segment, stream, campaign, message_type, audience, channel, category, origin,
      trigger, reason, delivered, opt_outs, complaints
    FROM rates_daily
    WHERE (segment != '') = ({first:String} = 'segment' OR {second:String} = 'segment')
      AND day >= toDate({from:DateTime}, 'UTC') AND day < {to:DateTime} AND day NOT IN (SELECT day FROM cut)
  )
SELECT part.1.1 AS first_key, part.1.2 AS second_key, at,
  sum(part.2) AS delivered, sum(part.3) AS opt_outs, sum(part.4) AS complaints
FROM
(
  -- Deliveries have no trigger and no reason: they count for each pair that has their other value.
  SELECT at, arrayJoin(if(first_is_asked OR second_is_asked,
    arrayConcat(
      arrayMap(pair -> (pair, own, toUInt64(0), toUInt64(0)), arrayFilter(pair -> own > 0
        AND (first_is_asked OR pair.1 = first_own) AND (second_is_asked OR pair.2 = second_own), pairs)),
      arrayMap(pair -> (pair, toUInt64(0), gone, complained), arrayFilter(pair -> pair = (first_own, second_own), pairs))),
    [((first_own, second_own), own, gone, complained)])) AS part
  FROM
  (
    SELECT
      toString(multiIf({first:String} = 'none', '', {first:String} = 'segment', segment, {first:String} = 'stream', stream,
      {first:String} = 'campaign', campaign, {first:String} = 'channel', channel, {first:String} = 'category', category,
      {first:String} = 'origin', origin, {first:String} = 'message_type', message_type, {first:String} = 'audience', audience,
      {first:String} = 'trigger', trigger, reason)) AS first_own,
      toString(multiIf({second:String} = 'none', '', {second:String} = 'segment', segment, {second:String} = 'stream', stream,
      {second:String} = 'campaign', campaign, {second:String} = 'channel', channel, {second:String} = 'category', category,
      {second:String} = 'origin', origin, {second:String} = 'message_type', message_type, {second:String} = 'audience', audience,
      {second:String} = 'trigger', trigger, reason)) AS second_own,
      bucket_of(moment) AS at,
      sum(counted.delivered) AS own, sum(counted.opt_outs) AS gone, sum(counted.complaints) AS complained
    FROM counted
    GROUP BY first_own, second_own, at
    HAVING first_is_asked OR second_is_asked OR (first_own, second_own) IN (SELECT arrayJoin(pairs))
  )
)
GROUP BY first_key, second_key, at
HAVING delivered > 0
ORDER BY first_key, second_key, at
