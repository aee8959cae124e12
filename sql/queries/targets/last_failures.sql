-- The newest answer that each target gave to what is not yet settled; targets that owe nothing are absent.
SELECT
  target,
  argMax(status, version) AS status,
  argMax(detail, version) AS detail,
  toDateTime64(fromUnixTimestamp64Micro(toInt64(max(version)), 'UTC'), 3, 'UTC') AS at
FROM receipts FINAL
WHERE state = 'waiting' AND (target, seq) IN (SELECT target, seq FROM receipts WHERE state = 'waiting')
GROUP BY target
ORDER BY target
