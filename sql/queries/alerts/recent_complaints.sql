-- Deliveries of each stream in [from, to), by quarter of an hour of delivery, and the complaints attributed to them.
-- Both instants must be whole hours.
SELECT toString(stream) AS of_stream, sum(rates.delivered) AS delivered,
  sum(rates.complaints) AS complaints
FROM rates
WHERE segment = '' AND quarter_hour >= {from:DateTime} AND quarter_hour < {to:DateTime}
GROUP BY of_stream
HAVING delivered > 0
ORDER BY of_stream
