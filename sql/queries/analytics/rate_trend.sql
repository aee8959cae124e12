-- Deliveries, and the opt-outs and complaints attributed to them, for each of these values of one dimension and each
-- bucket of the delivery's hour in [from, to). Buckets are UTC, weeks start on Monday; a bucket without a delivery has
-- no row. Sources as in rates_by_dimension. Both instants must be whole hours.
-- @param dimension 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type'
-- @param bucket 'hour' | 'day' | 'week'
WITH
  counts AS
  (
    SELECT
      multiIf({dimension:String} = 'segment', segment, {dimension:String} = 'campaign', campaign,
        {dimension:String} = 'channel', channel, {dimension:String} = 'message_type', message_type, stream) AS value,
      toDateTime(dateTrunc({bucket:String}, hour), 'UTC') AS start,
      sum(delivered) AS delivered, sum(opt_outs) AS opt_outs, sum(complaints) AS complaints
    FROM rates_hourly
    WHERE (segment != '') = ({dimension:String} = 'segment')
      AND hour >= {from:DateTime} AND hour < {to:DateTime}
      AND ({dimension:String} IN ('category', 'origin') OR value IN {keys:Array(String)})
    GROUP BY value, start
  ),
  places AS (SELECT key AS stream, argMax(category, version) AS category, argMax(origin, version) AS origin
    FROM streams GROUP BY key)
SELECT
  toString(multiIf({dimension:String} = 'category', ifNull(places.category, ''),
    {dimension:String} = 'origin', ifNull(places.origin, ''), counts.value)) AS key,
  counts.start AS at,
  sum(counts.delivered) AS delivered, sum(counts.opt_outs) AS opt_outs, sum(counts.complaints) AS complaints
FROM counts
LEFT JOIN places ON places.stream = toString(counts.value)
GROUP BY key, at
HAVING key IN {keys:Array(String)} AND delivered > 0
ORDER BY key, at
