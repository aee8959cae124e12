-- The files of a model.
SELECT model AS model_json, scaling, weights
FROM churn_models
WHERE id = {id:UUID}
LIMIT 1
