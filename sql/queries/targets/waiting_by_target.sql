-- How many decisions each target has still to be told, and since when the oldest of them waits: those beyond its cursor
-- without a receipt that ends the matter. Targets with none are absent.
WITH
  places AS (
    SELECT id, greatest(since, ifNull(seq, 0)) AS cursor
    FROM (SELECT id, since FROM targets FINAL WHERE NOT deleted) AS t
    LEFT JOIN (SELECT target, seq FROM target_cursors FINAL) AS c ON c.target = t.id
  ),
  (SELECT min(cursor) FROM places) AS lowest
SELECT p.id AS target, count() AS waiting, min(d.received_at) AS oldest_waiting_at
FROM (SELECT seq, received_at FROM decisions WHERE seq > lowest) AS d
CROSS JOIN places AS p
WHERE d.seq > p.cursor
  AND (p.id, d.seq) NOT IN (
    SELECT r.target, r.seq
    FROM (
      SELECT target, seq FROM receipts FINAL WHERE seq > lowest AND state IN ('acknowledged', 'dead')
    ) AS r
    INNER JOIN places AS o ON o.id = r.target
    WHERE r.seq > o.cursor
  )
GROUP BY target
ORDER BY target
