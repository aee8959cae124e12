-- The pieces of the log-rank test that compares `curves` curves, each a pair of `streams` and `segments`: spells,
-- observed and expected ends by `causes`, and the hypergeometric variance of observed minus expected, row by row. Of
-- those that end at a moment every curve expects its share of those at risk (entry < t <= exit), so delayed entry is in it.
-- Spells are those of retention_curve_in_segments, word for word. Always one row; no sums where nothing ended.
WITH
  -- Deliveries that occurred by `as_of` and were received after `known_at`: nobody knew of them. The rollup does, so its
  -- row is not taken where it may be one of these, and their people's deliveries are looked up.
  late AS
  (
    SELECT person, stream, occurred_at
    FROM events
    WHERE type = 'delivered' AND received_at > {known_at:DateTime64(3)} AND occurred_at <= {as_of:DateTime64(3)}
  ),
  -- Which streams a selector covers. From `until` on a line said before holds no more; one that begins something must
  -- have been said at `since` or later (backend/src/permissions/covering.ts).
  cover AS
  (
    SELECT one.1 AS selector, one.2 AS stream, one.3 AS until, one.4 AS since
    FROM
    (
      SELECT arrayJoin(arrayZip({cover_selectors:Array(String)}, {cover_streams:Array(String)},
        {cover_until:Array(Int64)}, {cover_since:Array(Int64)})) AS one
    )
  ),
  -- What the ledger says of each person and stream. A decision that was taken back has not been made.
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
  -- A beginning begins something unless an ending stands: one that none of the beginnings until then has lifted.
  lines AS
  (
    SELECT person, stream, groupUniqArrayIf((moment, cause, grade, tolerance, subject), cause > 0) AS endings,
      groupUniqArrayIf((moment, grade, tolerance, subject), cause = 0) AS beginnings,
      arrayFilter(b -> NOT arrayExists(e -> e.1 <= b.1 AND NOT arrayExists(l -> l.4 = e.5 AND l.2 >= e.3
        AND l.1 <= b.1 AND l.1 - e.1 > greatest(l.3, e.4), beginnings), endings), beginnings) AS counting
    FROM said
    GROUP BY person, stream
  ),
  -- What opens and closes, as one number: the instant in ms times 16, plus 0 for an exposure, 1 to 5 for the cause of a
  -- closing, 8 for an opening.
  marked AS
  (
    SELECT person, stream, bitShiftLeft(toUnixTimestamp64Milli(first_at), 4) AS mark
    FROM exposures
    WHERE first_at <= {as_of:DateTime64(3)}
      AND (person, stream, first_at) NOT IN (SELECT person, stream, occurred_at FROM late)
      AND (has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream))
    UNION ALL
    SELECT person, stream, bitShiftLeft(toUnixTimestamp64Milli(occurred_at), 4) AS mark
    FROM events
    WHERE type = 'delivered' AND received_at <= {known_at:DateTime64(3)} AND occurred_at <= {as_of:DateTime64(3)}
      AND person IN (SELECT person FROM late)
      AND (has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream))
    UNION ALL
    SELECT person, stream, arrayJoin(arrayConcat(arrayMap(e -> bitShiftLeft(e.1, 4) + e.2, endings),
      arrayMap(b -> bitShiftLeft(b.1, 4) + 8, counting))) AS mark
    FROM lines
  ),
  -- The marks of one person and stream, in turn. An exposure after the first mark opens nothing.
  sorted AS
  (
    SELECT any(person) AS person, any(stream) AS stream, arraySort(groupArray(mark)) AS all_marks
    FROM (SELECT person, stream, mark, cityHash64(person, stream) AS pair FROM marked)
    GROUP BY pair
  ),
  counted AS
  (
    SELECT person, stream,
      arrayFilter((m, i) -> bitAnd(m, 15) != 0 OR i = 1, all_marks, arrayEnumerate(all_marks)) AS marks
    FROM sorted
  ),
  -- Marks that repeat the state are dropped: what is left opens and closes in turn.
  turning AS
  (
    SELECT person, stream, arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8)) != (before IN (0, 8)), marks,
      arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS marks
    FROM counted
  ),
  turns AS
  (
    SELECT person, stream, arrayJoin(range(1, length(marks) + 1, 2)) AS i, bitShiftRight(marks[i], 4) AS began,
      marks[i + 1] AS closing,
      if(closing = 0, toUnixTimestamp64Milli({as_of:DateTime64(3)}), bitShiftRight(closing, 4)) AS ended,
      if(closing = 0, 0, bitAnd(closing, 15)) AS cause
    FROM turning
  ),
  -- Who was in the segment of a curve, since when and until when, and when they had left it before.
  looks AS
  (
    SELECT
      arrayJoin(arrayFilter(c -> {segments:Array(String)}[c] = segment, arrayEnumerate({segments:Array(String)})))
        AS curve, person, seq AS place, toUnixTimestamp64Milli(at) AS moment, edge = 'entered' AS inside
    FROM memberships
    WHERE has({segments:Array(String)}, segment) AND at <= {as_of:DateTime64(3)}
      AND received_at <= {known_at:DateTime64(3)}
    UNION ALL
    SELECT
      arrayJoin(arrayFilter(c -> position({segments:Array(String)}[c], ':') > 0,
        arrayEnumerate({segments:Array(String)}))) AS curve, person,
      toUInt64(toUnixTimestamp64Milli(occurred_at)) AS place, toUnixTimestamp64Milli(occurred_at) AS moment,
      has(segments, {segments:Array(String)}[curve]) AS inside
    FROM events
    WHERE arrayExists(s -> position(s, ':') > 0, {segments:Array(String)}) AND type = 'delivered'
      AND occurred_at <= {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
  ),
  changes AS
  (
    SELECT curve, person,
      arrayFilter((look, before) -> look.3 != before, looked, arrayPopBack(arrayPushFront(looked.3, 0))).2 AS at
    FROM
    (
      SELECT curve, person, arraySort(groupArray((place, moment, inside))) AS looked FROM looks GROUP BY curve, person
    )
  ),
  members AS
  (
    SELECT curve, person, arrayJoin(range(1, length(at) + 1, 2)) AS i, at[i] AS entered,
      if(i = length(at), toInt64(9223372036854775807), at[i + 1]) AS gone,
      if(i = 1, toInt64(-9223372036854775808), at[i - 1]) AS gone_before
    FROM changes
  ),
  asked AS
  (
    SELECT
      arrayJoin(arrayFilter(c -> {streams:Array(String)}[c] IN ('', stream), arrayEnumerate({streams:Array(String)})))
        AS curve, person, began, ended, cause
    FROM turns
  ),
  followed AS
  (
    SELECT toUInt32(asked.curve) AS curve, began, greatest(began, ifNull(entered, began)) AS since,
      if({while_in_segment:UInt8}, least(ended, ifNull(gone, ended)), ended) AS until,
      if(until < ended, 0, asked.cause) AS cause
    FROM asked
    LEFT JOIN members ON members.curve = asked.curve AND members.person = asked.person
    WHERE {segments:Array(String)}[asked.curve] = ''
      OR (entered <= ended AND gone > began AND ({while_in_segment:UInt8} OR gone_before <= began))
  ),
  -- Entry -inf: at risk from the very beginning. Cause 0: censored.
  spells AS
  (
    SELECT curve,
      if(since = began, -inf,
        intDiv(since - began, greatest({step_ms:Int64}, 1)) * {step_ms:Int64} / {unit_ms:Int64}) AS entry,
      intDiv(until - began + {step_ms:Int64} - 1, greatest({step_ms:Int64}, 1)) * {step_ms:Int64} / {unit_ms:Int64}
        AS exit,
      cause, count() AS n, toFloat64(n) AS weight
    FROM followed
    GROUP BY curve, entry, exit, cause
    HAVING entry < exit
  ),
  marks AS
  (
    SELECT mark.2 AS t,
      sumForEach(arrayMap(c -> if(c = curve AND mark.1 = 'entry', weight, 0.), all_curves)) AS entering,
      sumForEach(arrayMap(c -> if(c = curve AND mark.1 = 'exit', weight, 0.), all_curves)) AS leaving,
      sumForEach(arrayMap(c -> if(c = curve AND mark.1 = 'exit' AND is_end, weight, 0.), all_curves)) AS d,
      sumForEach(arrayMap(c -> if(c = curve AND mark.1 = 'entry', n, 0), all_curves)) AS arrivals
    FROM
    (
      SELECT curve, n, weight, arrayJoin([('entry', entry), ('exit', exit)]) AS mark,
        range(1, {curves:UInt32} + 1) AS all_curves, has({causes:Array(UInt8)}, cause) AS is_end
      FROM spells
    )
    GROUP BY t
  ),
  risks AS
  (
    SELECT d, arrivals,
      arrayMap((e, l) -> e - l, sumForEach(entering) OVER before, sumForEach(leaving) OVER before) AS at_risk,
      arraySum(at_risk) AS everyone, arraySum(d) AS ended
    FROM marks
    WINDOW before AS (ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ),
  terms AS
  (
    SELECT d, arrivals, ended > 0 AS counts, arrayMap(n -> n / everyone, at_risk) AS shares,
      if(everyone <= 1, 0., ended * (everyone - ended) / (everyone - 1)) AS scale, ended
    FROM risks
  )
SELECT sumForEach(arrivals) AS n, sumForEachIf(d, counts) AS observed,
  sumForEachIf(arrayMap(share -> ended * share, shares), counts) AS expected,
  sumForEachIf(arrayFlatten(arrayMap((one, i) -> arrayMap((other, j) -> scale * one * ((i = j) - other), shares,
    arrayEnumerate(shares)), shares, arrayEnumerate(shares))), counts) AS variance
FROM terms
