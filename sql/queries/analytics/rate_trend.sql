-- Deliveries, and the opt-outs and complaints attributed to them, for each of these values of one dimension and each
-- bucket of the delivery's hour in [from, to). Buckets are UTC, weeks start on Monday; a bucket without a delivery has
-- no row. Sources as in rates_by_dimension. Both instants must be whole hours.
-- @param dimension 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type'
-- @param bucket 'hour' | 'day' | 'week'
SELECT
  toString(multiIf({dimension:String} = 'segment', segment, {dimension:String} = 'stream', stream,
    {dimension:String} = 'campaign', campaign, {dimension:String} = 'channel', channel,
    {dimension:String} = 'category', category, {dimension:String} = 'origin', origin, message_type)) AS key,
  toDateTime(dateTrunc({bucket:String}, hour), 'UTC') AS at,
  sum(rates_hourly.delivered) AS delivered, sum(rates_hourly.opt_outs) AS opt_outs,
  sum(rates_hourly.complaints) AS complaints
FROM rates_hourly
WHERE (segment != '') = ({dimension:String} = 'segment')
  AND hour >= {from:DateTime} AND hour < {to:DateTime}
  AND key IN {keys:Array(String)}
GROUP BY key, at
HAVING delivered > 0
ORDER BY key, at
