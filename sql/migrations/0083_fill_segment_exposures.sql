-- What was stored before. Where it is run again after a crash it adds nothing.
INSERT INTO segment_exposures (segment, person, first_at, deliveries)
SELECT arrayJoin(arrayFilter(each -> position(each, ':') > 0, segments)) AS segment, person, min(occurred_at) AS first_at,
  count() AS deliveries
FROM events
WHERE type = 'delivered' AND (SELECT count() FROM segment_exposures) = 0
GROUP BY segment, person
