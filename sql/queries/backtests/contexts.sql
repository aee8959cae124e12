-- Every place from which rules were looked at in a window: what of a message, beside facts of the person, says how far a
-- scope reaches. `epoch` counts the changes of the catalogue (ms since the epoch, sorted) up to the order of the request.
SELECT catalogue, channel, stream, category, origin,
  toUInt32(arrayCount(change -> change <= toUnixTimestamp64Milli(order_at), {changes:Array(Int64)})) AS epoch,
  min(order_at) AS first_order_at, any(seq) AS example
FROM decisions
WHERE received_at >= {from:DateTime64(3)} AND received_at < {to:DateTime64(3)} AND seq <= {known:UInt64}
  AND type IN ('opted_out', 'complained') AND recorded = 1 AND reach_open
GROUP BY catalogue, channel, stream, category, origin, epoch
ORDER BY catalogue, channel, stream, category, origin, epoch
