-- Looks that were made at buckets from an instant on, each once: nothing is tested twice.
SELECT kind, bucket, max(tests) AS most_tests, max(alarms) AS most_alarms
FROM alert_looks
WHERE bucket >= {since:DateTime64(3)}
GROUP BY kind, bucket
ORDER BY kind, bucket
