-- The last hour that was published at each stage, and the first hour in which anything was delivered; null where there is none.
SELECT
  (SELECT maxOrNull(hour) FROM published_rates WHERE stage = 'first') AS last_first,
  (SELECT maxOrNull(hour) FROM published_rates WHERE stage = 'complete') AS last_complete,
  (SELECT minOrNull(toStartOfHour(quarter_hour)) FROM rates WHERE segment = '' AND rates.delivered > 0) AS first_delivered
