-- The buckets of a time zone ('' is UTC) that [from, to) touches, as rates_trend tells them, each with the instant the next one begins.
-- `week_shift` is how many days a week begins before Monday. Both instants must be whole quarters of an hour.
-- @param bucket 'hour' | 'day' | 'week' | 'month'
WITH
  if({zone:String} = '', 'UTC', {zone:String}) AS time_zone,
  toUnixTimestamp({from:DateTime}) AS first_second,
  toUnixTimestamp({to:DateTime}) AS last_second,
  -- Short enough to meet each bucket, and of quarters: a zone's hours and days may begin at any of them.
  if({bucket:String} = 'hour', 900, 21600) AS step
SELECT at, leadInFrame(at, 1, toDateTime(0, 'UTC')) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next
FROM
(
  SELECT DISTINCT
    toDateTime(multiIf(
      {bucket:String} = 'hour', toUnixTimestamp(toStartOfHour(moment, time_zone)),
      {bucket:String} = 'day', toUnixTimestamp(toStartOfDay(moment, time_zone)),
      {bucket:String} = 'week', toUnixTimestamp(toDateTime(toStartOfWeek(toDate(moment, time_zone)
        + {week_shift:UInt8}, 1) - {week_shift:UInt8}, time_zone)),
      toUnixTimestamp(toDateTime(toStartOfMonth(moment, time_zone), time_zone))), 'UTC') AS at
  FROM
  (
    -- A month more, for the end of the last one.
    SELECT toDateTime(first_second + number * step, 'UTC') AS moment
    FROM numbers(toUInt64(intDiv(last_second - first_second + 32 * 86400, step) + 1))
  )
)
ORDER BY at
