-- How many people are in each built-in segment at an instant: country, plan and engagement tier.
-- The same definitions as backend/src/segments/built-in.ts; a test compares the two. An attribute that is no text counts
-- as not known, and only a missing or null country falls back to the jurisdiction.
WITH
  tiers AS
  (
    SELECT person, max(greatest(last_opened_at, last_clicked_at)) AS last_at
    FROM engagement
    GROUP BY person
  )
SELECT segment, count() AS size
FROM
(
  SELECT arrayJoin([
    concat('country:', multiIf(JSONType(s.attributes, 'country') = 'String', JSONExtractString(s.attributes, 'country'),
      JSONType(s.attributes, 'country') = 'Null', substring(s.jurisdiction, 1, 2), '')),
    concat('plan:', if(JSONType(s.attributes, 'plan') = 'String', JSONExtractString(s.attributes, 'plan'), '')),
    concat('engagement:', multiIf(
      t.last_at > {at:DateTime64(3)} - INTERVAL 30 DAY AND toUnixTimestamp64Milli(t.last_at) > 0, 'active',
      t.last_at > {at:DateTime64(3)} - INTERVAL 90 DAY AND toUnixTimestamp64Milli(t.last_at) > 0, 'lapsing',
      ifNull(toUnixTimestamp64Milli(t.last_at), 0) = 0 AND s.first_seen_at > {at:DateTime64(3)} - INTERVAL 14 DAY, 'new',
      'dormant'))]) AS segment
  FROM (SELECT person, attributes, jurisdiction, first_seen_at FROM subjects FINAL) AS s
  LEFT JOIN tiers AS t ON t.person = s.person
)
WHERE segment NOT IN ('country:', 'plan:')
GROUP BY segment
ORDER BY segment
