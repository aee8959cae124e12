-- All models with what became of them, the latest trained first. `weights` and `scaling` are read by their id.
SELECT toString(id) AS model, kind, trained_at, trained_by, cut, until, report,
  e.events AS events, e.ats AS ats, e.bys AS bys, e.whys AS whys
FROM churn_models AS m
LEFT JOIN
(
  SELECT model AS its_model, groupArray(toString(event)) AS events,
    groupArray(formatDateTime(at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC')) AS ats, groupArray(by) AS bys, groupArray(why) AS whys
  FROM (SELECT * FROM churn_model_events ORDER BY at)
  GROUP BY its_model
) AS e ON e.its_model = m.id
ORDER BY trained_at DESC, model
