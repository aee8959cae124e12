-- How long people stay: Kaplan–Meier curve with Greenwood's error and log-log bands, Nelson–Aalen, and the incidence of
-- each cause (Aalen–Johansen), by the time since a spell began. One curve for each of `streams`; '' stands for all of them.
-- What R calls NaN is null: errors where nobody is left, bands there and where nobody has left.
-- A spell begins with an opt-in, or with the first delivery where no edge came before it, and ends with the edge that
-- closes it; a closing that was undone has not happened. What is open at `as_of` is censored there. `as_of` bounds what
-- had happened, `known_at` what had arrived.
-- Time is counted in steps of `step_ms`, a step begun counting whole: it ends a spell at its end and lets one in at its
-- start, so that no spell is lost. It is told in units of `unit_ms`.
-- With `min_at_risk` a curve begins where as many are at risk for the first time, on condition of having stayed so long,
-- and is cut off where there are fewer: rows that are not `shown` say only who was at risk.
-- From `marks` on nothing knows where spells come from, and the text is that of retention_curve_in_segments.
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
    SELECT any(place) AS place, arraySort(groupArray(mark)) AS all_marks
    FROM
    (
      SELECT cityHash64(person, stream) AS pair, indexOf({streams:Array(String)}, stream) AS place, mark FROM marked
    )
    GROUP BY pair
  ),
  counted AS
  (
    SELECT place, arrayFilter((m, i) -> bitAnd(m, 15) != 0 OR i = 1, all_marks, arrayEnumerate(all_marks)) AS marks
    FROM sorted
  ),
  -- Marks that repeat the state are dropped.
  turning AS
  (
    SELECT place, arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8, 9)) != (before IN (0, 8, 9)), marks,
      arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS marks
    FROM counted
  ),
  -- So is a closing with the opening that undoes it. What is left opens and closes in turn.
  lasting AS
  (
    SELECT place, arrayFilter((m, i, after) -> bitAnd(after, 15) != 9 AND NOT (bitAnd(m, 15) = 9 AND i > 1), marks,
      arrayEnumerate(marks), arrayPopFront(arrayPushBack(marks, 0))) AS marks
    FROM turning
  ),
  turns AS
  (
    SELECT place, arrayJoin(range(1, length(marks) + 1, 2)) AS i, bitShiftRight(marks[i], 4) AS began,
      marks[i + 1] AS closing,
      if(closing = 0, toUnixTimestamp64Milli({as_of:DateTime64(3)}), bitShiftRight(closing, 4)) AS ended,
      if(closing = 0, 0, bitAnd(closing, 15)) AS cause
    FROM lasting
  ),
  lasted AS
  (
    SELECT place, cause, count() AS n,
      intDiv(ended - began + {step_ms:Int64} - 1, greatest({step_ms:Int64}, 1)) * {step_ms:Int64} / {unit_ms:Int64}
        AS exit
    FROM turns
    GROUP BY place, exit, cause
  ),
  -- Entry -inf: at risk from the very beginning. Cause 0: censored. A spell counts for its stream, and for all streams.
  spells AS
  (
    SELECT toUInt32(arrayJoin(arrayFilter(c -> c > 0, [place, indexOf({streams:Array(String)}, '')]))) AS curve,
      -inf AS entry, exit, cause, n, toFloat64(n) AS weight
    FROM lasted
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
