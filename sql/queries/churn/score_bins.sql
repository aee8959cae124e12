-- How many of the risks within 30 days that a model told at `t0` fall into each bin: one more than the cuts (rising) that the
-- risk exceeds. Empty bins have no row.
SELECT toUInt16(1 + arrayCount(cut -> risk_30d > cut, {cuts:Array(Float64)})) AS place, count() AS subscriptions
FROM
(
  SELECT risk_30d FROM churn_scores WHERE t0 = {t0:DateTime64(3)} AND model = {model:UUID} LIMIT 1 BY person, stream
)
GROUP BY place
ORDER BY place
