-- Whom something may be sent to now: open spells, the people who have one and the streams that have one.
-- A spell is open where something was delivered, or opted in to, and no ending stands that no later beginning lifted: what
-- retention_curve says of spells, asked of this moment alone. `cover_*` as there.
-- People and streams are told apart by 64-bit hashes: 3.2 M distinct pairs took 3 to 5 s by themselves and about 1 s
-- hashed, on two busy cores. Two of a million people share a hash with a chance of 3 in 100 million.
-- Always one row.
WITH
  cover AS
  (
    SELECT one.1 AS selector, one.2 AS stream, one.3 AS until, one.4 AS since
    FROM
    (
      SELECT arrayJoin(arrayZip({cover_selectors:Array(String)}, {cover_streams:Array(String)},
        {cover_until:Array(Int64)}, {cover_since:Array(Int64)})) AS one
    )
  ),
  said AS
  (
    SELECT cityHash64(m.person) AS one, cityHash64(c.stream) AS kind, toUnixTimestamp64Milli(m.at) AS moment,
      m.cause AS cause, m.grade AS grade, m.tolerance AS tolerance, m.subject AS subject
    FROM spell_marks AS m
    INNER JOIN cover AS c ON c.selector = m.selector
    WHERE moment < c.until AND (m.cause > 0 OR moment >= c.since)
      AND m.decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  ),
  begun AS (SELECT DISTINCT one, kind FROM said WHERE cause = 0),
  -- Where an ending stands: any, where nothing was begun.
  closed AS
  (
    SELECT one, kind FROM said WHERE cause > 0 AND (one, kind) NOT IN (SELECT one, kind FROM begun)
    UNION ALL
    SELECT one, kind
    FROM said
    WHERE (one, kind) IN (SELECT one, kind FROM begun)
    GROUP BY one, kind
    HAVING countIf(cause > 0) > 0 AND arrayExists(e -> NOT arrayExists(l -> l.4 = e.5 AND l.2 >= e.3
        AND l.1 - e.1 > greatest(l.3, e.4), groupArrayIf((moment, grade, tolerance, subject), cause = 0)),
      groupArrayIf((moment, cause, grade, tolerance, subject), cause > 0))
  )
SELECT count() AS spells, uniqExact(one) AS subscribers, uniqExact(kind) AS streams
FROM
(
  SELECT cityHash64(person) AS one, cityHash64(stream) AS kind FROM exposures FINAL
  WHERE (one, kind) NOT IN (SELECT one, kind FROM begun)
  UNION ALL
  SELECT one, kind FROM begun
)
WHERE (one, kind) NOT IN (SELECT one, kind FROM closed)
