-- How many dead letters each target has; those without are absent.
SELECT target, count() AS dead
FROM receipts FINAL
WHERE state = 'dead' AND (target, seq) IN (SELECT target, seq FROM receipts WHERE state = 'dead')
GROUP BY target
ORDER BY target
