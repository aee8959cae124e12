-- Deliveries, and the opt-outs and complaints attributed to them, for each value of one dimension: in [from, to) and in
-- the window of the same length before it. Everything stands in the hour of the delivery, so no rate exceeds 1.
-- Segment '' is everybody: it is no row of the segments and the source of all other dimensions, so each delivery counts
-- once for each of its segments and once for any other dimension.
-- Values without a delivery in the window are left out. Both instants must be whole hours.
-- @param dimension 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type'
WITH {from:DateTime} - ({to:DateTime} - {from:DateTime}) AS previous_from
SELECT
  toString(multiIf({dimension:String} = 'segment', segment, {dimension:String} = 'stream', stream,
    {dimension:String} = 'campaign', campaign, {dimension:String} = 'channel', channel,
    {dimension:String} = 'category', category, {dimension:String} = 'origin', origin, message_type)) AS key,
  sumIf(rates_hourly.delivered, hour >= {from:DateTime}) AS delivered,
  sumIf(rates_hourly.opt_outs, hour >= {from:DateTime}) AS opt_outs,
  sumIf(rates_hourly.complaints, hour >= {from:DateTime}) AS complaints,
  sumIf(rates_hourly.delivered, hour < {from:DateTime}) AS previous_delivered,
  sumIf(rates_hourly.opt_outs, hour < {from:DateTime}) AS previous_opt_outs,
  sumIf(rates_hourly.complaints, hour < {from:DateTime}) AS previous_complaints
FROM rates_hourly
WHERE (segment != '') = ({dimension:String} = 'segment')
  AND hour >= previous_from AND hour < {to:DateTime}
GROUP BY key
HAVING delivered > 0
ORDER BY delivered DESC, key
LIMIT {limit:UInt32}
