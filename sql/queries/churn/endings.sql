-- Subscriptions that ended in [from, as_of], as far as was known at `known_at`: what snapshots in between are labelled by.
-- `cause` is a code of `spellCauses`. What a selector covers the catalogue says, as in retention_curve.
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
    SELECT m.person AS person, c.stream AS stream, toUnixTimestamp64Milli(m.at) AS moment, m.cause AS cause,
      m.grade AS grade, m.tolerance AS tolerance, m.subject AS subject
    FROM spell_marks AS m
    INNER JOIN cover AS c ON c.selector = m.selector
    WHERE m.selector IN (SELECT selector FROM cover)
      AND m.at <= {as_of:DateTime64(3)} AND m.received_at <= {known_at:DateTime64(3)}
      AND moment < c.until AND (m.cause > 0 OR moment >= c.since)
      AND m.decision NOT IN (SELECT voids FROM spell_marks
        WHERE selector = '' AND at <= {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)})
  ),
  marked AS
  (
    SELECT person, stream, min(toUnixTimestamp64Milli(occurred_at)) AS moment, toUInt8(0) AS kind, toUInt64(0) AS terms
    FROM events
    WHERE type = 'delivered' AND occurred_at <= {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
      AND person IN (SELECT person FROM said WHERE cause > 0)
    GROUP BY person, stream
    UNION ALL
    SELECT person, stream, moment, if(cause = 0, 8, cause) AS kind,
      grade + bitShiftLeft(toUInt64(tolerance), 2) + bitShiftLeft(cityHash64(subject), 34) AS terms
    FROM said
  ),
  paired AS
  (
    SELECT person, stream, min(if(kind = 0, moment, 9223372036854775807)) AS exposed,
      groupArrayIf((moment, kind, bitAnd(terms, 3), bitAnd(bitShiftRight(terms, 2), 4294967295), bitShiftRight(terms, 34)),
        kind BETWEEN 1 AND 7) AS endings,
      groupArrayIf((moment, kind, bitAnd(terms, 3), bitAnd(bitShiftRight(terms, 2), 4294967295), bitShiftRight(terms, 34)),
        kind = 8) AS beginnings
    FROM marked
    GROUP BY person, stream
  ),
  -- A beginning begins something unless an ending stands: one that none of the beginnings until then has lifted.
  sorted AS
  (
    SELECT person, stream,
      arraySort(arrayConcat(arrayMap(e -> bitShiftLeft(e.1, 4) + e.2, endings),
        arrayMap(b -> bitShiftLeft(b.1, 4) + 8, arrayFilter(b -> NOT arrayExists(e -> e.1 <= b.1
          AND NOT arrayExists(l -> l.5 = e.5 AND l.3 >= e.3 AND l.1 <= b.1 AND l.1 - e.1 > greatest(l.4, e.4),
            beginnings), endings), beginnings)),
        if(exposed = 9223372036854775807 OR arrayExists(e -> e.1 < exposed, endings), [], [bitShiftLeft(exposed, 4)]))) AS marks
    FROM paired
  ),
  -- Marks that repeat the state are dropped: what is left opens and closes in turn.
  turning AS
  (
    SELECT person, stream,
      arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8)) != (before IN (0, 8)), marks,
        arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS turns,
      arrayJoin(range(1, toUInt32(length(turns)), 2)) AS place
    FROM sorted
  )
SELECT person, stream, fromUnixTimestamp64Milli(bitShiftRight(turns[place], 4), 'UTC') AS began_at,
  fromUnixTimestamp64Milli(bitShiftRight(turns[place + 1], 4), 'UTC') AS ended_at,
  toUInt8(bitAnd(turns[place + 1], 15)) AS cause
FROM turning
WHERE ended_at >= {from:DateTime64(3)}
ORDER BY person, stream, began_at
