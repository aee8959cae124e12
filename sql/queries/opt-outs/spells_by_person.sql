-- For each person and stream: when it was first delivered, and the last edge that a decision made.
-- A spell is open when its last edge opens it, or when there is no edge but an exposure.
WITH people AS (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))) AS person)
SELECT person, stream, minIf(at, source = 'exposure') AS first_exposed_at, countIf(source = 'exposure') > 0 AS exposed,
  countIf(source = 'edge') AS edges, argMaxIf(edge, (at, edge), source = 'edge') AS last_edge,
  maxIf(at, source = 'edge') AS last_edge_at
FROM
(
  SELECT person, toString(stream) AS stream, min(first_at) AS at, 'exposure' AS source, '' AS edge
  FROM exposures WHERE person IN people GROUP BY person, stream
  UNION ALL
  SELECT person, toString(stream) AS stream, at, 'edge' AS source, toString(edge) AS edge
  FROM spell_edges WHERE person IN people
)
GROUP BY person, stream
