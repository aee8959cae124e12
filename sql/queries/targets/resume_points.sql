-- Where each target may go on: the stored cursor, and the highest place for which it has any receipt. A target that was
-- never told anything is absent.
SELECT target, max(cursor) AS cursor, max(last_receipt) AS last_receipt
FROM
(
  SELECT target, seq AS cursor, toUInt64(0) AS last_receipt FROM target_cursors FINAL
  UNION ALL
  SELECT target, toUInt64(0) AS cursor, max(seq) AS last_receipt FROM receipts GROUP BY target
)
GROUP BY target
