-- The defined segments these people were in at an instant, in the order of names. `asked` is one line a question: number,
-- tab, person, tab, instant in ms since the epoch. No row where they were in none.
WITH questions AS
(
  SELECT toUInt32OrZero(parts[1]) AS number, toUUIDOrZero(parts[2]) AS person,
    fromUnixTimestamp64Milli(toInt64OrZero(parts[3]), 'UTC') AS at
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {asked:String}))) AS parts)
)
SELECT edges.number AS number, arraySort(groupArray(edges.segment)) AS segments
FROM
(
  SELECT q.number AS number, toString(m.segment) AS segment, argMax(m.edge, m.seq) AS edge
  FROM (SELECT person, segment, seq, edge, at FROM memberships WHERE person IN (SELECT person FROM questions)) AS m
  INNER JOIN questions AS q ON q.person = m.person
  WHERE m.at <= q.at
  GROUP BY q.number, m.segment
) AS edges
WHERE edges.edge = 'entered'
GROUP BY edges.number
ORDER BY number
