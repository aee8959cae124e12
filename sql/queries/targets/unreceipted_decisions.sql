-- Decisions above `since` and up to `until` for which a target has no receipt that ends the matter. Up to its cursor
-- there are none, but for decisions that became visible late: a group that was put back to work after it was set aside.
SELECT seq
FROM decisions
WHERE seq > {since:UInt64} AND seq <= {until:UInt64}
  AND seq NOT IN (
    SELECT seq
    FROM receipts FINAL
    WHERE target = {target:UUID} AND seq > {since:UInt64} AND seq <= {until:UInt64}
      AND state IN ('acknowledged', 'dead')
  )
ORDER BY seq
LIMIT {limit:UInt32}
