-- The defined segments each of these people is in now, since when and why. Ids are separated by newlines.
SELECT m.person AS person, m.segment AS segment, argMax(m.version, m.seq) AS version, argMax(m.at, m.seq) AS at,
  argMax(m.cause, m.seq) AS cause, argMax(m.cause_id, m.seq) AS cause_id
FROM memberships AS m
WHERE m.person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
GROUP BY m.person, m.segment
HAVING argMax(m.edge, m.seq) = 'entered'
ORDER BY person, segment
