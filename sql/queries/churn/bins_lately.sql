-- Subscriptions by bin and feature on an average day since then, by the bins of a model. Of each day (UTC) its first scoring
-- counts: the nightly one, so that what is sent later on a day is the same on all. `days` were scored.
WITH
  firsts AS
  (
    SELECT min(t0) AS first_t0
    FROM churn_bin_history
    WHERE model = {model:UUID} AND t0 >= {since:DateTime64(3)}
    GROUP BY toDate(t0)
  ),
  assumeNotNull((SELECT count() FROM firsts)) AS scored
SELECT feature, place, sum(subscriptions) / scored AS per_day, toUInt32(scored) AS days
FROM churn_bin_history FINAL
WHERE model = {model:UUID} AND t0 IN (SELECT first_t0 FROM firsts)
GROUP BY feature, place
ORDER BY feature, place
