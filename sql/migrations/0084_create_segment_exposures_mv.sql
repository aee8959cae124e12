CREATE MATERIALIZED VIEW IF NOT EXISTS segment_exposures_mv TO segment_exposures AS
SELECT arrayJoin(arrayFilter(each -> position(each, ':') > 0, segments)) AS segment, person, min(occurred_at) AS first_at,
  count() AS deliveries
FROM events
WHERE type = 'delivered'
GROUP BY segment, person
