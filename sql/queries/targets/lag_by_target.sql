-- Acknowledgements of decisions received in [from, to), by target: how many, the last of them, and the lag from receipt
-- of the request to acknowledgement in milliseconds, between neighbours by R's type 7. Decisions made before the target
-- was count as acknowledged and have no lag.
SELECT
  target,
  count() AS acknowledged,
  max(acknowledged_at) AS last_acknowledged_at,
  quantileExactInclusiveOrNullIf(0.5)(dateDiff('millisecond', received_at, acknowledged_at), NOT is_backfill) AS p50_ms,
  quantileExactInclusiveOrNullIf(0.99)(dateDiff('millisecond', received_at, acknowledged_at), NOT is_backfill) AS p99_ms
FROM receipts FINAL
WHERE received_at >= {from:DateTime} AND received_at < {to:DateTime} AND state = 'acknowledged'
GROUP BY target
ORDER BY target
