-- Milliseconds from the request, profile or event to its edge in the ledger, by cause, of edges written since an instant.
SELECT cause, count() AS edges,
  quantileExact(0.5)(greatest(0, toUnixTimestamp64Milli(written_at) - toUnixTimestamp64Milli(received_at))) AS p50_ms,
  quantileExact(0.99)(greatest(0, toUnixTimestamp64Milli(written_at) - toUnixTimestamp64Milli(received_at))) AS p99_ms
FROM memberships
WHERE written_at >= {since:DateTime64(3)}
GROUP BY cause
ORDER BY cause
