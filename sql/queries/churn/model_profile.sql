-- How a model's features and risks lay when it was tested, as JSON; '' of models from before that was kept.
SELECT JSONExtractRaw(report, 'profile') AS profile
FROM churn_models
WHERE id = {id:UUID}
LIMIT 1
