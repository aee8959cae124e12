CREATE MATERIALIZED VIEW IF NOT EXISTS family_exposures_mv TO family_exposures AS
SELECT family, person, min(segment) AS lowest, max(segment) AS highest, min(occurred_at) AS first_at
FROM
(
  SELECT arrayJoin(['country', 'plan', 'engagement']) AS family, person, occurred_at,
    cityHash64(toString(arrayFirst(each -> startsWith(each, concat(family, ':')), segments))) AS segment
  FROM events
  WHERE type = 'delivered'
)
GROUP BY family, person
