-- How many people are in each built-in segment at an instant: country, plan and engagement tier.
-- The same definitions as backend/src/segments/built-in.ts; a test compares the two. An attribute that is no text names
-- no segment (JSONExtractString alone would make text of a number), and only a missing country falls back to the
-- jurisdiction. JSON is the dearest part: `position` spares the parsing of attributes that do not mention a country.
SELECT segment, count() AS size
FROM
(
  SELECT arrayJoin([
    concat('country:', multiIf(position(s.attributes, '"country":') = 0, substring(s.jurisdiction, 1, 2),
      JSONType(s.attributes, 'country') = 'Null', substring(s.jurisdiction, 1, 2),
      JSONType(s.attributes, 'country') = 'String', JSONExtractString(s.attributes, 'country'), '')),
    concat('plan:', if(JSONType(s.attributes, 'plan') = 'String', JSONExtractString(s.attributes, 'plan'), '')),
    concat('engagement:', multiIf(
      last_ms = 0 AND s.first_seen_at > {at:DateTime64(3)} - INTERVAL 14 DAY, 'new',
      last_ms = 0, 'dormant',
      e.last_at > {at:DateTime64(3)} - INTERVAL 30 DAY, 'active',
      e.last_at > {at:DateTime64(3)} - INTERVAL 90 DAY, 'lapsing',
      'dormant'))]) AS segment,
    ifNull(toUnixTimestamp64Milli(e.last_at), 0) AS last_ms
  FROM (SELECT person, attributes, jurisdiction, first_seen_at FROM subjects FINAL) AS s
  LEFT JOIN (SELECT person, greatest(last_opened_at, last_clicked_at) AS last_at FROM engagement FINAL) AS e
    ON e.person = s.person
)
WHERE segment NOT IN ('country:', 'plan:')
GROUP BY segment
ORDER BY segment
