-- Subscriptions that began in [from, to), of what is known now: a row for each, with its end and cause, or none while it is
-- open. What begins and ends them is said in analytics/retention_curve, `cover_*` too; each stands in the month of its
-- beginning, so all months together are all spells. People who were erased are not in it, nor whose profile is gone.
-- `quote_formulas` as in exports/events.
WITH
  (text) -> if({quote_formulas:Bool} AND match(toString(text), '^[=+@\t\r-]'), concat('\'', toString(text)), toString(text)) AS plain,
  toUnixTimestamp64Milli({from:DateTime64(3)}) AS from_ms,
  toUnixTimestamp64Milli({to:DateTime64(3)}) AS to_ms,
  cover AS
  (
    SELECT one.1 AS selector, one.2 AS stream, one.3 AS until, one.4 AS since
    FROM
    (
      SELECT arrayJoin(arrayZip({cover_selectors:Array(String)}, {cover_streams:Array(String)},
        {cover_until:Array(Int64)}, {cover_since:Array(Int64)})) AS one
    )
  ),
  gone AS
  (
    SELECT person FROM spell_marks
    WHERE selector = '@' AND cause = 4 AND decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  ),
  -- Of nobody else a spell can begin then.
  touched AS
  (
    SELECT person
    FROM
    (
      SELECT person FROM exposures WHERE first_at >= {from:DateTime64(3)} AND first_at < {to:DateTime64(3)}
      UNION ALL
      SELECT person FROM spell_marks WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} AND cause = 0
    )
    WHERE person IN (SELECT person FROM subjects) AND person NOT IN (SELECT person FROM gone)
  ),
  -- One row for each first delivery (kind 0), ending (the code of its cause) and beginning (8).
  marked AS
  (
    SELECT person, stream, toUnixTimestamp64Milli(first_at) AS moment, toUInt8(0) AS kind, toUInt8(0) AS grade,
      toUInt32(0) AS tolerance, person AS subject
    FROM exposures
    WHERE person IN (SELECT person FROM touched)
    UNION ALL
    SELECT m.person AS person, c.stream AS stream, toUnixTimestamp64Milli(m.at) AS moment, if(m.cause = 0, 8, m.cause) AS kind,
      m.grade AS grade, m.tolerance AS tolerance, m.subject AS subject
    FROM spell_marks AS m
    INNER JOIN cover AS c ON c.selector = m.selector
    WHERE m.person IN (SELECT person FROM touched)
      AND moment < c.until AND (m.cause > 0 OR moment >= c.since)
      AND m.decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  ),
  -- At one instant deliveries come first and beginnings last.
  spoken AS
  (
    SELECT person, stream, min(if(kind = 0, moment, 9223372036854775807)) AS exposed,
      groupArrayIf((moment, grade, tolerance, subject, kind), kind BETWEEN 1 AND 7) AS endings,
      groupArrayIf((moment, grade, tolerance, subject), kind = 8) AS beginnings
    FROM marked
    GROUP BY person, stream
  ),
  -- A beginning begins something unless an ending stands that no beginning until then has lifted; a delivery after an
  -- ending opens nothing.
  sorted AS
  (
    SELECT person, stream,
      arraySort(arrayConcat(arrayMap(e -> (e.1, e.5), endings),
        arrayMap(b -> (b.1, toUInt8(8)), arrayFilter(b -> NOT arrayExists(e -> e.1 <= b.1
          AND NOT arrayExists(l -> l.4 = e.4 AND l.2 >= e.2 AND l.1 <= b.1 AND l.1 - e.1 > greatest(l.3, e.3),
            beginnings), endings), beginnings)),
        if(exposed = 9223372036854775807 OR arrayExists(e -> e.1 < exposed, endings), [], [(exposed, toUInt8(0))]))) AS marks
    FROM spoken
  ),
  -- Marks that repeat the state are dropped: what is left opens and closes in turn.
  turned AS
  (
    SELECT person, stream, arrayFilter((m, before) -> (m.2 IN (0, 8)) != (before.2 IN (0, 8)), marks,
      arrayPopBack(arrayPushFront(marks, (toInt64(0), toUInt8(1))))) AS turns
    FROM sorted
  ),
  began AS
  (
    SELECT person, stream, arrayJoin(arrayMap(i -> (turns[i].1, turns[i + 1]), range(1, length(turns) + 1, 2))) AS one,
      one.1 AS began_ms, one.2.1 AS ended_ms, one.2.2 AS code
    FROM turned
    WHERE began_ms >= from_ms AND began_ms < to_ms
  ),
  places AS
  (
    SELECT toString(key) AS stream, toString(any(channel)) AS channel, toString(any(category)) AS category,
      toString(any(origin)) AS origin
    FROM streams
    GROUP BY key
  )
SELECT toString(b.person) AS person, plain(b.stream) AS stream, plain(ifNull(p.channel, '')) AS channel,
  plain(ifNull(p.category, '')) AS category, plain(ifNull(p.origin, '')) AS origin,
  fromUnixTimestamp64Milli(b.began_ms, 'UTC') AS began_at,
  if(b.code = 0, NULL, fromUnixTimestamp64Milli(b.ended_ms, 'UTC')) AS ended_at,
  transform(b.code, [0, 1, 2, 3, 4, 5], ['', 'opt_out', 'complaint', 'hard_bounce', 'erasure', 'consent_expiry'], '') AS cause
FROM began AS b
LEFT JOIN places AS p ON p.stream = b.stream
