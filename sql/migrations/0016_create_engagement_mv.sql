-- Machine opens and scanner clicks (flag `machine`) are not engagement.
CREATE MATERIALIZED VIEW IF NOT EXISTS engagement_mv TO engagement AS
SELECT
  person,
  maxIf(occurred_at, type = 'delivered') AS last_delivered_at,
  maxIf(occurred_at, type = 'opened' AND NOT has(flags, 'machine')) AS last_opened_at,
  maxIf(occurred_at, type = 'clicked' AND NOT has(flags, 'machine')) AS last_clicked_at
FROM events
GROUP BY person
