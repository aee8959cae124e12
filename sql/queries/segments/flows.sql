-- Who entered and left a segment, per bucket; `bucket` is null for all that came before `from`.
-- @param interval 'hour' | 'day'
SELECT
  if(hour < toStartOfHour(toDateTime({from:DateTime64(3)}, 'UTC')), NULL,
    toDateTime(if({interval:String} = 'day', toStartOfDay(hour), hour), 'UTC')) AS bucket,
  sum(f.entered) AS entered, sum(f.left) AS left
FROM segment_flows_hourly AS f
WHERE segment = {segment:String} AND hour < {to:DateTime64(3)}
GROUP BY bucket
ORDER BY bucket
