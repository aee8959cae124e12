-- The scoring that is told: the latest that ended.
SELECT t0, toString(model) AS its_model, scored_at, subscriptions
FROM churn_scorings
ORDER BY t0 DESC, scored_at DESC
LIMIT 1
