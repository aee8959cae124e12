-- Deliveries, and the opt-outs and complaints attributed to them, of each segment ('' is everybody) and stream, by hour of
-- delivery in [from, to): a row for each hour with a delivery, its cells as arrays. Instants must be whole hours.
SELECT hour, groupArray(of_segment) AS segments, groupArray(of_stream) AS streams, groupArray(own) AS delivered,
  groupArray(gone) AS opt_outs, groupArray(complained) AS complaints
FROM
(
  SELECT toStartOfHour(quarter_hour) AS hour, toString(segment) AS of_segment, toString(stream) AS of_stream,
    sum(rates.delivered) AS own, sum(rates.opt_outs) AS gone, sum(rates.complaints) AS complained
  FROM rates
  WHERE quarter_hour >= {from:DateTime} AND quarter_hour < {to:DateTime}
  GROUP BY hour, of_segment, of_stream
  HAVING own > 0
  ORDER BY hour, of_segment, of_stream
)
GROUP BY hour
ORDER BY hour
