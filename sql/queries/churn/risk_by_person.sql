-- The highest risk within 30 days over the open subscriptions of each of these people, by the latest scoring. Ids are
-- separated by newlines. Objectors have none.
SELECT person, max(risk_30d) AS highest_30d
FROM churn_scores
WHERE t0 = (SELECT max(t0) FROM churn_scorings)
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
  AND person NOT IN
  (
    SELECT subject FROM statements
    WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
    GROUP BY subject
    HAVING argMax(effect, (order_at, effect)) = 'opt_out'
  )
GROUP BY person
ORDER BY person
