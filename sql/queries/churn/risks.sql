-- Risk of leaving of each segment ('' is everybody) and stream ('' is all), by the scoring at `t0`: those of the last delivery
-- and the defined ones people are in now. Objectors are left out at once, and so are subscriptions that have ended since
-- (`people` counts who is left). `variance_30d` is that of the number who leave, `spread_30d` that of risks between people. `groups` are means of what each group of features adds to the logit.
SELECT segment, stream, count() AS people, avg(risk_7d) AS mean_risk_7d, avg(risk_30d) AS mean_risk_30d,
  avg(risk_90d) AS mean_risk_90d, sum(risk_7d) AS expected_7d, sum(risk_30d) AS expected_30d, sum(risk_90d) AS expected_90d,
  sum(risk_30d * (1 - risk_30d)) AS variance_30d, varPop(risk_30d) AS spread_30d, quantile(0.9)(risk_30d) AS p90_risk_30d,
  arrayMap(x -> toFloat64(x), avgForEach(groups)) AS mean_groups
FROM
(
  SELECT arrayJoin(arrayConcat([''], in_segments, ifNull(d.segments, CAST([], 'Array(String)')))) AS segment,
    arrayJoin(['', toString(s.stream)]) AS stream, s.risk_7d AS risk_7d, s.risk_30d AS risk_30d, s.risk_90d AS risk_90d,
    s.groups AS groups
  -- Not FINAL: that takes what another scoring says of a subscription in its place.
  FROM (SELECT * FROM churn_scores WHERE t0 = {t0:DateTime64(3)} AND model = {model:UUID} LIMIT 1 BY person, stream) AS s
  LEFT JOIN
  (
    SELECT person, groupArray(toString(members.segment)) AS segments
    FROM (SELECT * FROM members FINAL WHERE edge = 'entered') AS members
    GROUP BY person
  ) AS d ON d.person = s.person
  WHERE s.person NOT IN
  (
    SELECT subject FROM statements
    WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
    GROUP BY subject
    HAVING argMax(effect, (order_at, effect)) = 'opt_out'
  )
  AND (s.person, s.stream) NOT IN
  (
    SELECT person, stream FROM spell_edges WHERE edge = 'close' AND at >= {t0:DateTime64(3)}
  )
)
GROUP BY segment, stream
HAVING people >= {least:UInt32}
ORDER BY expected_30d DESC, segment, stream
LIMIT {limit:UInt32}
