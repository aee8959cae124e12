-- Attributes that profiles hold, with the type most of them have; of the 100,000 people changed last.
SELECT kinds.name AS name, argMax(kinds.kind, kinds.people) AS type, sum(kinds.people) AS holders
FROM
(
  SELECT a.1 AS name,
    multiIf(startsWith(a.2, '"'), 'text', a.2 IN ('true', 'false'), 'boolean', match(a.2, '^-?[0-9]'), 'number', '') AS kind,
    count() AS people
  FROM (SELECT arrayJoin(JSONExtractKeysAndValuesRaw(attributes)) AS a
    FROM (SELECT attributes FROM subjects FINAL ORDER BY changed_at DESC LIMIT 100000))
  GROUP BY name, kind
) AS kinds
WHERE kinds.kind != '' AND kinds.name != ''
GROUP BY kinds.name
ORDER BY holders DESC, name
LIMIT 500
