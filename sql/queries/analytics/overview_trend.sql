-- Deliveries of everybody, and the opt-outs and complaints attributed to them, for each bucket of the delivery's hour in
-- [from, to). Buckets are UTC, weeks start on Monday; a bucket without a delivery has no row.
-- Both instants must be whole hours.
-- @param bucket 'hour' | 'day' | 'week'
SELECT
  toDateTime(dateTrunc({bucket:String}, hour), 'UTC') AS at,
  sum(rates_hourly.delivered) AS delivered, sum(rates_hourly.opt_outs) AS opt_outs,
  sum(rates_hourly.complaints) AS complaints
FROM rates_hourly
WHERE segment = '' AND hour >= {from:DateTime} AND hour < {to:DateTime}
GROUP BY at
HAVING delivered > 0
ORDER BY at
