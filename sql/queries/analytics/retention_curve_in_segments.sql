-- retention_curve in segments: one curve for each pair of `streams` and `segments`; '' stands for all of them.
-- In a segment a spell counts from the moment its person is in it (delayed entry: at risk at t if entry < t <= exit) and
-- is followed to its end, or with `while_in_segment` until the person leaves the segment: censored there. Members of a
-- defined segment stand in the ledger; a built-in one (a colon in its name) has none: each delivery says whether it held.
-- Two statements, because of 1 M spells that are asked for by stream alone the join costs a third.
-- Everything but `spells` and what it is made of is the text of retention_curve.
WITH
  -- Deliveries that occurred by `as_of` and were received after `known_at`: nobody knew of them. The rollup does, so its
  -- row is not taken where it may be one of these, and their people's deliveries are looked up.
  late AS
  (
    SELECT person, stream, occurred_at
    FROM events
    WHERE type = 'delivered' AND received_at > {known_at:DateTime64(3)} AND occurred_at <= {as_of:DateTime64(3)}
  ),
  -- What opens and closes, as one number: the instant in ms times 16, plus 0 for an exposure, 1 to 5 for the cause of a
  -- closing, 6 for one we do not know, 8 for an opening, 9 for one that undoes. So at one instant openings come last.
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
    SELECT person, stream, bitShiftLeft(toUnixTimestamp64Milli(at), 4) + multiIf(edge = 'open' AND cause = 'undo', 9,
      edge = 'open', 8, cause = 'opt_out', 1, cause = 'complaint', 2, cause = 'hard_bounce', 3, cause = 'erasure', 4,
      cause = 'consent_expiry', 5, 6) AS mark
    FROM spell_edges
    WHERE at <= {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
      AND (has({streams:Array(String)}, '') OR has({streams:Array(String)}, stream))
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
  -- Marks that repeat the state are dropped.
  turning AS
  (
    SELECT person, stream, arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8, 9)) != (before IN (0, 8, 9)), marks,
      arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS marks
    FROM counted
  ),
  -- So is a closing with the opening that undoes it. What is left opens and closes in turn.
  lasting AS
  (
    SELECT person, stream,
      arrayFilter((m, i, after) -> bitAnd(after, 15) != 9 AND NOT (bitAnd(m, 15) = 9 AND i > 1), marks,
        arrayEnumerate(marks), arrayPopFront(arrayPushBack(marks, 0))) AS marks
    FROM turning
  ),
  turns AS
  (
    SELECT person, stream, arrayJoin(range(1, length(marks) + 1, 2)) AS i, bitShiftRight(marks[i], 4) AS began,
      marks[i + 1] AS closing,
      if(closing = 0, toUnixTimestamp64Milli({as_of:DateTime64(3)}), bitShiftRight(closing, 4)) AS ended,
      if(closing = 0, 0, bitAnd(closing, 15)) AS cause
    FROM lasting
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
    SELECT curve, mark.1 AS t, sumIf(weight, mark.2) AS entering, sumIf(weight, NOT mark.2) AS leaving,
      sumIf(n, mark.2) AS arrivals, sumIf(n, NOT mark.2) AS exits,
      [sumIf(weight, mark.3 = 1), sumIf(weight, mark.3 = 2), sumIf(weight, mark.3 = 3), sumIf(weight, mark.3 = 4),
        sumIf(weight, mark.3 = 5)] AS ended, sumIf(weight, mark.3 > 0) AS any_ended,
      sumIf(weight, has({causes:Array(UInt8)}, mark.3)) AS of_causes
    FROM (SELECT curve, n, weight, arrayJoin([(entry, true, 0), (exit, false, cause)]) AS mark FROM spells)
    GROUP BY curve, t
  ),
  risks AS
  (
    SELECT curve, t, exits, leaving, ended, any_ended, of_causes,
      sum(entering) OVER before - sum(leaving) OVER before AS at_risk, toUInt32(sum(arrivals) OVER whole) AS n
    FROM marks
    WINDOW before AS (PARTITION BY curve ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      whole AS (PARTITION BY curve)
  ),
  begun AS
  (
    SELECT *, max(at_risk >= {min_at_risk:UInt32}) OVER upto AS has_begun
    FROM risks
    WHERE exits > 0
    WINDOW upto AS (PARTITION BY curve ORDER BY t ROWS UNBOUNDED PRECEDING)
  ),
  -- d: those who ended by a cause that was asked about; everyone: by any. Before the curve begins nobody counts.
  deaths AS
  (
    SELECT *,
      if(has_begun, of_causes, 0.) AS d,
      if(has_begun, any_ended, 0.) AS everyone,
      max(has_begun AND at_risk < {min_at_risk:UInt32}) OVER upto AS has_ended
    FROM begun
    WINDOW upto AS (PARTITION BY curve ORDER BY t ROWS UNBOUNDED PRECEDING)
  ),
  -- The logarithm of 1 - d/n, exactly -inf where nobody is left: fractional weights leave a rest.
  steps AS
  (
    SELECT *, multiIf(d = 0, 0., at_risk - d <= 1e-12 * at_risk, -inf, log1p(-d / at_risk)) AS step,
      multiIf(everyone = 0, 0., at_risk - everyone <= 1e-12 * at_risk, -inf, log1p(-everyone / at_risk)) AS step_of_all,
      multiIf(d = 0, 0., at_risk - d <= 1e-12 * at_risk, inf, d / (at_risk * (at_risk - d))) AS greenwood,
      if(d = 0, 0., d / at_risk) AS hazard, if(d = 0, 0., d / (at_risk * at_risk)) AS hazard_variance
    FROM deaths
  ),
  sums AS
  (
    SELECT *, sum(step) OVER upto AS log_survival, exp(log_survival) AS survival,
      exp(sum(step_of_all) OVER before) AS stayed_before, sqrt(sum(greenwood) OVER upto) AS log_error,
      sum(hazard) OVER upto AS nelson_aalen, sqrt(sum(hazard_variance) OVER upto) AS nelson_aalen_error
    FROM steps
    WINDOW upto AS (PARTITION BY curve ORDER BY t ROWS UNBOUNDED PRECEDING),
      before AS (PARTITION BY curve ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  )
SELECT curve, n, t, (has_begun AND NOT has_ended) AS shown, at_risk, d AS events, leaving - d AS censored, survival,
  if(survival = 0, NULL, survival * log_error) AS std_error,
  if(survival IN (0, 1), NULL, pow(survival, exp(1.959963984540054 * log_error / abs(log_survival)))) AS lower,
  if(survival IN (0, 1), NULL, pow(survival, exp(-1.959963984540054 * log_error / abs(log_survival)))) AS upper,
  nelson_aalen, nelson_aalen_error,
  sum(if(everyone = 0, 0., stayed_before * ended[1] / at_risk)) OVER upto AS opt_out,
  sum(if(everyone = 0, 0., stayed_before * ended[2] / at_risk)) OVER upto AS complaint,
  sum(if(everyone = 0, 0., stayed_before * ended[3] / at_risk)) OVER upto AS hard_bounce,
  sum(if(everyone = 0, 0., stayed_before * ended[4] / at_risk)) OVER upto AS erasure,
  sum(if(everyone = 0, 0., stayed_before * ended[5] / at_risk)) OVER upto AS consent_expiry
FROM sums
WINDOW upto AS (PARTITION BY curve ORDER BY t ROWS UNBOUNDED PRECEDING)
ORDER BY curve, t
LIMIT {most:UInt32}
