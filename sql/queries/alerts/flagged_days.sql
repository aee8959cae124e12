-- Cells and days that raised an alarm since that day, and the incident that tells of it.
SELECT metric, level, stream, key, on_day, argMax(incident, version) AS incident
FROM alarms
WHERE on_day >= {since:UInt32}
GROUP BY metric, level, stream, key, on_day
ORDER BY on_day, metric, level, stream, key
