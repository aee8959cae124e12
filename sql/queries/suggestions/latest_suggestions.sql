-- What was suggested last.
SELECT computed_at, toString(model) AS its_model, base, body
FROM churn_suggestions
ORDER BY computed_at DESC
LIMIT 1
