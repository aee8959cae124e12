-- Deliveries, and the opt-outs and complaints attributed to them, for each value of one dimension: in [from, to) and in
-- the window of the same length before it. Everything stands in the hour of the delivery, so no rate exceeds 1.
-- Segment '' is everybody: it is no row of the segments and the source of all other dimensions, so each delivery counts
-- once for each of its segments and once for any other dimension.
-- Category and origin are those of the delivery's stream: a request that names only a message has none of its own.
-- Values without a delivery in the window are left out. Both instants must be whole hours.
-- @param dimension 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type'
WITH
  {from:DateTime} - ({to:DateTime} - {from:DateTime}) AS previous_from,
  counts AS
  (
    SELECT
      multiIf({dimension:String} = 'segment', segment, {dimension:String} = 'campaign', campaign,
        {dimension:String} = 'channel', channel, {dimension:String} = 'message_type', message_type, stream) AS value,
      sumIf(delivered, hour >= {from:DateTime}) AS delivered_now,
      sumIf(opt_outs, hour >= {from:DateTime}) AS opt_outs_now,
      sumIf(complaints, hour >= {from:DateTime}) AS complaints_now,
      sumIf(delivered, hour < {from:DateTime}) AS delivered_before,
      sumIf(opt_outs, hour < {from:DateTime}) AS opt_outs_before,
      sumIf(complaints, hour < {from:DateTime}) AS complaints_before
    FROM rates_hourly
    WHERE (segment != '') = ({dimension:String} = 'segment')
      AND hour >= previous_from AND hour < {to:DateTime}
    GROUP BY value
  ),
  places AS (SELECT key AS stream, argMax(category, version) AS category, argMax(origin, version) AS origin
    FROM streams GROUP BY key)
SELECT
  toString(multiIf({dimension:String} = 'category', ifNull(places.category, ''),
    {dimension:String} = 'origin', ifNull(places.origin, ''), counts.value)) AS key,
  sum(delivered_now) AS delivered, sum(opt_outs_now) AS opt_outs, sum(complaints_now) AS complaints,
  sum(delivered_before) AS previous_delivered, sum(opt_outs_before) AS previous_opt_outs,
  sum(complaints_before) AS previous_complaints
FROM counts
LEFT JOIN places ON places.stream = toString(counts.value)
GROUP BY key
HAVING delivered > 0
ORDER BY delivered DESC, key
LIMIT {limit:UInt32}
