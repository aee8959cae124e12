-- What was stored before. Where it is run again after a crash it adds nothing.
INSERT INTO family_exposures (family, person, lowest, highest, first_at)
SELECT family, person, min(segment) AS lowest, max(segment) AS highest, min(occurred_at) AS first_at
FROM
(
  SELECT arrayJoin(['country', 'plan', 'engagement']) AS family, person, occurred_at,
    cityHash64(toString(arrayFirst(each -> startsWith(each, concat(family, ':')), segments))) AS segment
  FROM events
  WHERE type = 'delivered' AND (SELECT count() FROM family_exposures) = 0
)
GROUP BY family, person
