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
  -- One row for each delivery that may have been the first (kind 0), ending (the code of its cause) and beginning (8).
  -- `terms`: grade in two bits, tolerance in 32, and a hash of the subject.
  marked AS
  (
    SELECT cityHash64(person, stream) AS pair, cityHash64(person) AS one,
      indexOf({streams:Array(String)}, stream) AS place, toUnixTimestamp64Milli(first_at) AS moment, toUInt8(0) AS kind, toUInt64(0) AS terms
    FROM exposures
    WHERE first_at <= {as_of:DateTime64(3)}
      AND (person, stream, first_at) NOT IN (SELECT person, stream, occurred_at FROM late)
      AND (has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream))
    UNION ALL
    SELECT cityHash64(person, stream) AS pair, cityHash64(person) AS one,
      indexOf({streams:Array(String)}, stream) AS place, toUnixTimestamp64Milli(occurred_at) AS moment, 0 AS kind, 0 AS terms
    FROM events
    WHERE type = 'delivered' AND received_at <= {known_at:DateTime64(3)} AND occurred_at <= {as_of:DateTime64(3)}
      AND person IN (SELECT person FROM late)
      AND (has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream))
    UNION ALL
    SELECT cityHash64(person, stream) AS pair, cityHash64(person) AS one,
      indexOf({streams:Array(String)}, stream) AS place, moment,
      if(cause = 0, 8, cause) AS kind,
      grade + bitShiftLeft(toUInt64(tolerance), 2) + bitShiftLeft(cityHash64(subject), 34) AS terms
    FROM said
  ),
  -- Of one person and stream: first delivery, ending and beginning, and all that was said, as one number a line: the
  -- instant in ms times 16, plus the kind. So at one instant deliveries come first and beginnings last.
  paired AS
  (
    SELECT any(one) AS one, any(place) AS place, min(if(kind = 0, moment, 9223372036854775807)) AS exposed,
      min(if(kind IN (0, 8), 9223372036854775807, bitShiftLeft(moment, 4) + kind)) AS ending,
      min(if(kind = 8, moment, 9223372036854775807)) AS beginning, max(if(kind = 8, moment, 0)) AS last_beginning,
      groupArrayIf(bitShiftLeft(moment, 4) + kind, kind > 0) AS numbers, groupArrayIf(terms, kind > 0) AS terms_of
    FROM marked
    GROUP BY pair
  ),
  -- Where no beginning follows an ending there is one spell at most: most are like that, and spared the rest.
  spoken AS
  (
    SELECT one, place, exposed, ending, least(exposed, beginning) AS first,
      last_beginning < bitShiftRight(ending, 4) AS is_single,
      arrayMap((m, t) -> (bitShiftRight(m, 4), bitAnd(m, 15), bitAnd(t, 3), bitAnd(bitShiftRight(t, 2), 4294967295),
        bitShiftRight(t, 34)), if(is_single, [], numbers), if(is_single, [], terms_of)) AS lines,
      arrayFilter(l -> l.2 != 8, lines) AS endings, arrayFilter(l -> l.2 = 8, lines) AS beginnings
    FROM paired
  ),
  -- A beginning begins something unless an ending stands: one that none of the beginnings until then has lifted.
  sorted AS
  (
    SELECT one, place, first, ending, is_single,
      arraySort(arrayConcat(arrayMap(e -> bitShiftLeft(e.1, 4) + e.2, endings),
        arrayMap(b -> bitShiftLeft(b.1, 4) + 8, arrayFilter(b -> NOT arrayExists(e -> e.1 <= b.1
          AND NOT arrayExists(l -> l.5 = e.5 AND l.3 >= e.3 AND l.1 <= b.1 AND l.1 - e.1 > greatest(l.4, e.4),
            beginnings), endings), beginnings)),
        -- A delivery after an ending opens nothing.
        if(is_single OR exposed > bitShiftRight(ending, 4), [], [bitShiftLeft(exposed, 4)]))) AS marks
    FROM spoken
  ),
  -- Marks that repeat the state are dropped: what is left opens and closes in turn.
  turning AS
  (
    SELECT one, place, first, ending, is_single,
      arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8)) != (before IN (0, 8)), marks,
        arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS marks
    FROM sorted
  ),
  turns AS
  (
    SELECT one, place,
      arrayJoin(multiIf(NOT is_single, arrayMap(i -> (bitShiftRight(marks[i], 4), marks[i + 1]),
          range(1, length(marks) + 1, 2)),
        first > bitShiftRight(ending, 4) OR first = 9223372036854775807, [],
        [(first, if(ending = 9223372036854775807, 0, ending))])) AS turn,
      turn.1 AS began, turn.2 AS closing,
      if(closing = 0, toUnixTimestamp64Milli({as_of:DateTime64(3)}), bitShiftRight(closing, 4)) AS ended
    FROM turning
  ),
  -- Whoever was in a built-in segment at every delivery entered it with the first and never left. Each delivery is looked
  -- at of those only who were in it at some, and of those with one that nobody knew of.
  own AS
  (
    SELECT person, lowest, highest, first_at
    FROM family_exposures FINAL
    WHERE family IN (SELECT splitByChar(':', arrayJoin({segments:Array(String)}))[1])
      AND (lowest != highest OR lowest IN (SELECT cityHash64(arrayJoin({segments:Array(String)}))))
  ),
  mixed AS
  (
    SELECT person FROM own WHERE lowest != highest
    UNION ALL
    SELECT person FROM late
  ),
  -- Who may have a spell.
  subscribed AS
  (
    SELECT person FROM exposures WHERE has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream)
    UNION ALL
    SELECT person FROM said
  ),
  -- When people entered and left the segment of a curve, in turn.
  changes AS
  (
    SELECT curve, one,
      arrayFilter((look, before) -> look.3 != before, looked, arrayPopBack(arrayPushFront(looked.3, 0))).2 AS at
    FROM
    (
      SELECT curve, cityHash64(person) AS one,
        arraySort(groupArray((seq, toUnixTimestamp64Milli(memberships.at), edge = 'entered'))) AS looked
      FROM memberships
      ARRAY JOIN arrayFilter(c -> {segments:Array(String)}[c] = segment, arrayEnumerate({segments:Array(String)})) AS curve
      WHERE has({segments:Array(String)}, segment) AND memberships.at <= {as_of:DateTime64(3)}
        AND received_at <= {known_at:DateTime64(3)}
      GROUP BY curve, one
    )
    UNION ALL
    -- Of a delivery the instant in ms, twice, and 1 more where it was made in the segment.
    SELECT curve, one, arrayMap(look -> bitShiftRight(look, 1), arrayFilter((look, before) -> bitAnd(look, 1) != bitAnd(before, 1),
      looked, arrayPopBack(arrayPushFront(looked, 0)))) AS at
    FROM
    (
      SELECT curve, one, arraySort(groupArray(look)) AS looked
      FROM
      (
        SELECT cityHash64(person) AS one,
          arrayJoin(arrayFilter(c -> position({segments:Array(String)}[c], ':') > 0,
            arrayEnumerate({segments:Array(String)}))) AS curve,
          toUnixTimestamp64Milli(occurred_at) * 2 + has(segments, {segments:Array(String)}[curve]) AS look
        FROM events
        WHERE person IN (SELECT person FROM mixed) AND person IN (SELECT person FROM subscribed) AND type = 'delivered'
          AND occurred_at <= {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
      )
      GROUP BY curve, one
    )
  ),
  members AS
  (
    SELECT curve, one, arrayJoin(range(1, length(at) + 1, 2)) AS i, at[i] AS entered,
      if(i = length(at), toInt64(9223372036854775807), at[i + 1]) AS gone,
      if(i = 1, toInt64(-9223372036854775808), at[i - 1]) AS gone_before
    FROM changes
    UNION ALL
    SELECT
      arrayJoin(arrayFilter(c -> cityHash64({segments:Array(String)}[c]) = lowest, arrayEnumerate({segments:Array(String)})))
        AS curve, cityHash64(person) AS one, 1 AS i, toUnixTimestamp64Milli(first_at) AS entered,
      toInt64(9223372036854775807) AS gone, toInt64(-9223372036854775808) AS gone_before
    FROM own
    WHERE first_at <= {as_of:DateTime64(3)} AND person NOT IN (SELECT person FROM mixed)
  ),
  asked AS
  (
    SELECT
      arrayJoin(arrayFilter(c -> {streams:Array(String)}[c] IN ('', {streams:Array(String)}[place]),
        arrayEnumerate({streams:Array(String)}))) AS curve, one, began, ended,
      if(closing = 0, 0, bitAnd(closing, 15)) AS cause
    FROM turns
  ),
  followed AS
  (
    SELECT toUInt32(asked.curve) AS curve, began, greatest(began, ifNull(entered, began)) AS since,
      if({while_in_segment:UInt8}, least(ended, ifNull(gone, ended)), ended) AS until,
      if(until < ended, 0, asked.cause) AS cause
    FROM asked
    LEFT JOIN members ON members.curve = asked.curve AND members.one = asked.one
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
