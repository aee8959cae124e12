-- Deliveries of each stream in [from, to), by hour of delivery, and the complaints attributed to them.
-- Both instants must be whole hours.
SELECT toString(stream) AS of_stream, sum(rates_hourly.delivered) AS delivered,
  sum(rates_hourly.complaints) AS complaints
FROM rates_hourly
WHERE segment = '' AND hour >= {from:DateTime} AND hour < {to:DateTime}
GROUP BY of_stream
HAVING delivered > 0
ORDER BY of_stream
