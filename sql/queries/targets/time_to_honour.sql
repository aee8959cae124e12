-- Decisions received in [from, to) that enabled targets had to be told of, because the target was there when they were
-- made. A decision is honoured when the last of them has acknowledged it; the time goes from receipt of the request to
-- that, in milliseconds, between neighbours by R's type 7. Else it waits, or is a dead letter somewhere. Always one row.
WITH
  owed AS (
    SELECT d.seq AS seq, d.received_at AS received_at, t.id AS target
    FROM (
      SELECT seq, received_at, decided_at FROM decisions
      WHERE received_at >= {from:DateTime} AND received_at < {to:DateTime}
    ) AS d
    CROSS JOIN (SELECT id, since, created_at FROM targets FINAL WHERE enabled AND NOT deleted) AS t
    WHERE d.seq > t.since AND d.decided_at >= t.created_at
  ),
  known AS (
    SELECT target, seq, state, acknowledged_at
    FROM receipts FINAL
    WHERE received_at >= {from:DateTime} AND received_at < {to:DateTime}
  )
SELECT
  count() AS decisions,
  countIf(waiting_at = 0 AND dead_at = 0) AS honoured,
  countIf(waiting_at > 0) AS waiting,
  countIf(dead_at > 0) AS dead,
  minIf(received, waiting_at > 0) AS oldest_waiting_at,
  quantileExactInclusiveOrNullIf(0.5)(lag, waiting_at = 0 AND dead_at = 0) AS p50_ms,
  quantileExactInclusiveOrNullIf(0.99)(lag, waiting_at = 0 AND dead_at = 0) AS p99_ms
FROM
(
  SELECT
    owed.seq AS place,
    any(owed.received_at) AS received,
    countIf(known.state IS NULL OR known.state IN ('sent', 'waiting')) AS waiting_at,
    countIf(known.state = 'dead') AS dead_at,
    max(dateDiff('millisecond', owed.received_at, known.acknowledged_at)) AS lag
  FROM owed
  LEFT JOIN known ON known.target = owed.target AND known.seq = owed.seq
  GROUP BY owed.seq
)
