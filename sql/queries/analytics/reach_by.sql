-- Whom something could be sent to at an instant, for each value of up to two dimensions: open spells, the people who have
-- one and the streams that have one. What an open spell is, and the hashes, are those of reach, of what is known now about
-- the time before `at`. Values with nobody have no row; `values` counts them before the limit.
-- Segments are those of the people at `segments_at`, built-in ones as in segment_sizes: whoever is in several counts in each.
-- @param first 'none' | 'segment' | 'stream' | 'channel' | 'category' | 'origin'
-- @param second 'none' | 'segment' | 'stream' | 'channel' | 'category' | 'origin'
WITH
  {first:String} = 'segment' OR {second:String} = 'segment' AS by_segment,
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
    WHERE m.at < {at:DateTime} AND moment < c.until AND (m.cause > 0 OR moment >= c.since)
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
  ),
  open AS
  (
    SELECT one, kind
    FROM
    (
      SELECT cityHash64(person) AS one, cityHash64(stream) AS kind FROM exposures FINAL
      WHERE first_at < {at:DateTime} AND (one, kind) NOT IN (SELECT one, kind FROM begun)
      UNION ALL
      SELECT one, kind FROM begun
    )
    WHERE (one, kind) NOT IN (SELECT one, kind FROM closed)
  ),
  places AS
  (
    SELECT cityHash64(key) AS kind, toString(key) AS stream, toString(any(channel)) AS channel,
      toString(any(category)) AS category, toString(any(origin)) AS origin
    FROM streams
    GROUP BY key
  ),
  belonging AS
  (
    SELECT one, groupArray(segment) AS segments
    FROM
    (
      SELECT cityHash64(person) AS one, toString(segment) AS segment, 0 AS last_ms FROM members FINAL WHERE edge = 'entered' AND by_segment
      UNION ALL
      SELECT cityHash64(s.person) AS one, arrayJoin([
        concat('country:', multiIf(position(s.attributes, '"country":') = 0, substring(s.jurisdiction, 1, 2),
          JSONType(s.attributes, 'country') = 'Null', substring(s.jurisdiction, 1, 2),
          JSONType(s.attributes, 'country') = 'String', JSONExtractString(s.attributes, 'country'), '')),
        concat('plan:', if(JSONType(s.attributes, 'plan') = 'String', JSONExtractString(s.attributes, 'plan'), '')),
        concat('engagement:', multiIf(
          last_ms = 0 AND s.first_seen_at > {segments_at:DateTime64(3)} - INTERVAL 14 DAY, 'new',
          last_ms = 0, 'dormant',
          e.last_at > {segments_at:DateTime64(3)} - INTERVAL 30 DAY, 'active',
          e.last_at > {segments_at:DateTime64(3)} - INTERVAL 90 DAY, 'lapsing',
          'dormant'))]) AS segment,
        ifNull(toUnixTimestamp64Milli(e.last_at), 0) AS last_ms
      FROM
      (
        SELECT person, attributes, jurisdiction, first_seen_at
        FROM subjects FINAL
        WHERE by_segment
      ) AS s
      LEFT JOIN
      (
        SELECT person, greatest(last_opened_at, last_clicked_at) AS last_at
        FROM engagement FINAL
        WHERE by_segment
      ) AS e ON e.person = s.person
    )
    WHERE segment NOT IN ('country:', 'plan:')
    GROUP BY one
  )
SELECT first_key, second_key, count() AS spells, uniqExact(one) AS subscribers,
  uniqExact(kind) AS streams, count() OVER () AS values
FROM
(
  SELECT o.one AS one, o.kind AS kind, arrayJoin(if(by_segment, b.segments, [''])) AS segment,
    ifNull(multiIf({first:String} = 'none', '', {first:String} = 'segment', segment, {first:String} = 'stream', p.stream,
      {first:String} = 'channel', p.channel, {first:String} = 'category', p.category, p.origin), '') AS first_key,
    ifNull(multiIf({second:String} = 'none', '', {second:String} = 'segment', segment, {second:String} = 'stream', p.stream,
      {second:String} = 'channel', p.channel, {second:String} = 'category', p.category, p.origin), '') AS second_key
  FROM open AS o
  LEFT JOIN places AS p ON p.kind = o.kind
  LEFT JOIN belonging AS b ON b.one = o.one
)
GROUP BY first_key, second_key
ORDER BY spells DESC, first_key, second_key
LIMIT {limit:UInt32}
