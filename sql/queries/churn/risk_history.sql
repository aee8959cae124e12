-- Mean risk within 30 days of segments and streams as it was told day by day (UTC): of each day its last scoring. `segments` and
-- `streams` name the pairs that are asked for.
SELECT segment, stream, toDate(t0) AS day, argMax(mean_risk_30d, t0) AS mean_risk, argMax(people, t0) AS subscriptions
FROM churn_risk_history
WHERE t0 >= {since:DateTime64(3)}
  AND (segment, stream) IN (SELECT arrayJoin(arrayZip({segments:Array(String)}, {streams:Array(String)})))
GROUP BY segment, stream, day
ORDER BY segment, stream, day
