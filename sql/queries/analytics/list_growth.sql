-- Subscriptions that began and ended, by stream and bucket ('none': one for the whole): in [from, to), and beside them in
-- [previous_from, from). What begins and ends a spell is said in retention_curve, of what is known now: what was taken
-- back has not happened. So what began minus what ended is how much reach_by differs between two instants.
-- Only people of whom something was said, or who were sent something for the first time, in the time asked about are
-- looked at: of all others no spell began or ended in it. `cover_*` are those of retention_curve, `zone` and `week_shift`
-- those of rates_trend.
-- @param bucket 'none' | 'hour' | 'day' | 'week' | 'month'
WITH
  if({zone:String} = '', 'UTC', {zone:String}) AS time_zone,
  1000 * toInt64(toUnixTimestamp({previous_from:DateTime})) AS first_ms,
  1000 * toInt64(toUnixTimestamp({from:DateTime})) AS from_ms,
  1000 * toInt64(toUnixTimestamp({to:DateTime})) AS to_ms,
  cover AS
  (
    SELECT one.1 AS selector, one.2 AS stream, one.3 AS until, one.4 AS since
    FROM
    (
      SELECT arrayJoin(arrayZip({cover_selectors:Array(String)}, {cover_streams:Array(String)},
        {cover_until:Array(Int64)}, {cover_since:Array(Int64)})) AS one
    )
  ),
  touched AS
  (
    SELECT person FROM exposures WHERE first_at >= {previous_from:DateTime} AND first_at < {to:DateTime}
    UNION ALL
    SELECT person FROM spell_marks WHERE at >= {previous_from:DateTime} AND at < {to:DateTime}
  ),
  -- One row for each first delivery (kind 0), ending (the code of its cause) and beginning (8).
  marked AS
  (
    SELECT person, stream, toUnixTimestamp64Milli(first_at) AS moment, toUInt8(0) AS kind, toUInt8(0) AS grade,
      toUInt32(0) AS tolerance, person AS subject
    FROM exposures
    WHERE person IN (SELECT person FROM touched) AND first_at < {to:DateTime}
    UNION ALL
    SELECT m.person AS person, c.stream AS stream, toUnixTimestamp64Milli(m.at) AS moment, if(m.cause = 0, 8, m.cause) AS kind,
      m.grade AS grade, m.tolerance AS tolerance, m.subject AS subject
    FROM spell_marks AS m
    INNER JOIN cover AS c ON c.selector = m.selector
    WHERE m.person IN (SELECT person FROM touched) AND m.at < {to:DateTime}
      AND moment < c.until AND (m.cause > 0 OR moment >= c.since)
      AND m.decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  ),
  -- At one instant deliveries come first and beginnings last.
  spoken AS
  (
    SELECT stream, min(if(kind = 0, moment, 9223372036854775807)) AS exposed,
      groupArrayIf((moment, grade, tolerance, subject, kind), kind BETWEEN 1 AND 7) AS endings,
      groupArrayIf((moment, grade, tolerance, subject), kind = 8) AS beginnings
    FROM marked
    GROUP BY person, stream
  ),
  -- A beginning begins something unless an ending stands that no beginning until then has lifted; a delivery after an
  -- ending opens nothing.
  sorted AS
  (
    SELECT stream,
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
    SELECT stream, arrayJoin(arrayFilter((m, before) -> (m.2 IN (0, 8)) != (before.2 IN (0, 8)), marks,
      arrayPopBack(arrayPushFront(marks, (toInt64(0), toUInt8(1)))))) AS turn,
      turn.1 AS moment, turn.2 IN (0, 8) AS has_begun, toDateTime(intDiv(moment, 1000), 'UTC') AS second
    FROM sorted
    WHERE moment >= first_ms AND moment < to_ms
  )
SELECT
  stream,
  toDateTime(multiIf(
    {bucket:String} = 'none' OR moment < from_ms, toUnixTimestamp({from:DateTime}),
    {bucket:String} = 'hour', toUnixTimestamp(toStartOfHour(second, time_zone)),
    {bucket:String} = 'day', toUnixTimestamp(toStartOfDay(second, time_zone)),
    {bucket:String} = 'week', toUnixTimestamp(toDateTime(toStartOfWeek(toDate(second, time_zone)
      + {week_shift:UInt8}, 1) - {week_shift:UInt8}, time_zone)),
    toUnixTimestamp(toDateTime(toStartOfMonth(second, time_zone), time_zone))), 'UTC') AS at,
  countIf(has_begun AND moment >= from_ms) AS began,
  countIf(NOT has_begun AND moment >= from_ms) AS ended,
  countIf(has_begun AND moment < from_ms) AS previous_began,
  countIf(NOT has_begun AND moment < from_ms) AS previous_ended
FROM turned
GROUP BY stream, at
ORDER BY stream, at
