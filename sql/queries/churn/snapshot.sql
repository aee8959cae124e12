-- Who may be sent which stream at `t0`, and what was known of them then: the rows that churn is learnt from and told for.
-- Nothing that happened or arrived at `t0` or later is looked at. Part `chunk` of `chunks`, by person. Machine opens and
-- clicks are no engagement, and clicks on links to leave are none either. Objectors are left out: whoever said no to
-- profiling is not profiled. `segments` are those of the last delivery. What a selector covers the catalogue says, as in
-- retention_curve. Instants in ms count as whole days of 24 hours.
WITH
  toUnixTimestamp64Milli({t0:DateTime64(3)}) AS now_ms,
  86400000. AS day_ms,
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
      AND cityHash64(m.person) % greatest({chunks:UInt32}, 1) = {chunk:UInt32}
      AND m.at < {t0:DateTime64(3)} AND m.received_at < {t0:DateTime64(3)}
      AND moment < c.until AND (m.cause > 0 OR moment >= c.since)
      AND m.decision NOT IN (SELECT voids FROM spell_marks
        WHERE selector = '' AND at < {t0:DateTime64(3)} AND received_at < {t0:DateTime64(3)})
  ),
  objectors AS
  (
    SELECT subject
    FROM statements
    WHERE position(selector, 'class=profiling') > 0 AND order_at < {t0:DateTime64(3)} AND received_at < {t0:DateTime64(3)}
      AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
    GROUP BY subject
    HAVING argMax(effect, (order_at, effect)) = 'opt_out'
  ),
  sent AS
  (
    SELECT person, events.stream AS stream,
      toUnixTimestamp64Milli(occurred_at) AS moment, (now_ms - moment) / day_ms AS age,
      type = 'delivered' AS is_delivery,
      type = 'opened' AND NOT has(flags, 'machine') AS is_open,
      type = 'clicked' AND NOT has(flags, 'machine')
        AND NOT match(metadata, '(?i)unsubscri|opt-?out|preference') AS is_click,
      type = 'bounced' AS is_bounce, events.message_id AS message, events.segments AS its_segments,
      events.channel AS its_channel, events.category AS its_category, events.origin AS its_origin
    FROM events
    WHERE occurred_at < {t0:DateTime64(3)} AND received_at < {t0:DateTime64(3)}
      AND type IN ('delivered', 'opened', 'clicked', 'bounced')
      AND cityHash64(person) % greatest({chunks:UInt32}, 1) = {chunk:UInt32}
  ),
  measured AS
  (
    SELECT person, stream,
      minIf(moment, is_delivery) AS exposed, countIf(is_delivery) AS deliveries,
      argMaxIf(its_segments, moment, is_delivery) AS segments,
      argMaxIf(toString(its_channel), moment, is_delivery) AS channel,
      argMaxIf(toString(its_category), moment, is_delivery) AS category,
      argMaxIf(toString(its_origin), moment, is_delivery) AS origin,
      minOrNullIf(age, is_delivery) AS days_since_delivery,
      minOrNullIf(age, is_open) AS days_since_open,
      minOrNullIf(age, is_click) AS days_since_click,
      countIf(is_delivery AND age <= 7) AS delivered_7,
      countIf(is_delivery AND age <= 28) AS delivered_28,
      countIf(is_delivery AND age <= 90) AS delivered_90,
      countIf(is_delivery AND age <= 28 AND toHour(fromUnixTimestamp64Milli(moment, 'UTC')) NOT BETWEEN 7 AND 20) AS at_night_28,
      countIf(is_delivery AND age <= 28 AND toDayOfWeek(fromUnixTimestamp64Milli(moment, 'UTC')) > 5) AS at_weekend_28,
      arrayMax(arrayConcat([toUInt64(0)], mapValues(sumMapIf(map(intDiv(now_ms - moment, 86400000), toUInt64(1)), is_delivery AND age <= 28)))) AS most_on_a_day_28,
      uniqExactIf(message, is_open AND age <= 28) AS opened_28,
      uniqExactIf(message, is_open AND age <= 90) AS opened_90,
      uniqExactIf(message, is_click AND age <= 28) AS clicked_28,
      uniqExactIf(message, is_click AND age <= 90) AS clicked_90,
      sumIf(exp2(-age / 7), is_open) AS opens_decayed_7,
      sumIf(exp2(-age / 30), is_open) AS opens_decayed_30,
      sumIf(exp2(-age / 30), is_click) AS clicks_decayed_30,
      countIf(is_bounce AND age <= 90) AS bounced_90
    FROM sent
    GROUP BY person, stream
  ),
  marked AS
  (
    SELECT person, stream, exposed AS moment, toUInt8(0) AS kind, toUInt64(0) AS terms
    FROM measured
    WHERE deliveries > 0
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
    SELECT person, stream, endings,
      arraySort(arrayConcat(arrayMap(e -> bitShiftLeft(e.1, 4) + e.2, endings),
        arrayMap(b -> bitShiftLeft(b.1, 4) + 8, arrayFilter(b -> NOT arrayExists(e -> e.1 <= b.1
          AND NOT arrayExists(l -> l.5 = e.5 AND l.3 >= e.3 AND l.1 <= b.1 AND l.1 - e.1 > greatest(l.4, e.4),
            beginnings), endings), beginnings)),
        if(exposed = 9223372036854775807 OR arrayExists(e -> e.1 < exposed, endings), [], [bitShiftLeft(exposed, 4)]))) AS marks
    FROM paired
  ),
  -- Marks that repeat the state are dropped: what is left opens and closes in turn. An odd number of them: it is open.
  standing AS
  (
    SELECT person, stream, endings,
      arrayFilter((m, before) -> (bitAnd(m, 15) IN (0, 8)) != (before IN (0, 8)), marks,
        arrayPopBack(arrayPushFront(arrayMap(m -> bitAnd(m, 15), marks), 1))) AS turns,
      length(turns) % 2 = 1 AS is_open, bitShiftRight(turns[-1], 4) AS began,
      arrayCount(e -> e.2 IN (1, 2), endings) AS opt_outs, arrayCount(e -> e.2 = 2, endings) AS complaints
    FROM sorted
  ),
  -- Of all that is known of a person, on any stream.
  overall AS
  (
    SELECT *,
      sum(opt_outs) OVER by_person - opt_outs AS opt_outs_elsewhere,
      sum(complaints) OVER by_person AS complaints_before,
      sum(toUInt8(is_open)) OVER by_person AS streams_open
    FROM standing
    WINDOW by_person AS (PARTITION BY person)
  ),
  everything AS
  (
    SELECT *, sum(delivered_7) OVER by_person AS delivered_7_all, sum(delivered_28) OVER by_person AS delivered_28_all
    FROM measured
    WINDOW by_person AS (PARTITION BY person)
  )
SELECT o.person AS person, o.stream AS stream, fromUnixTimestamp64Milli(o.began, 'UTC') AS began_at,
  ifNull(m.segments, CAST([], 'Array(LowCardinality(String))')) AS in_segments,
  -- Categories; '' is unknown.
  ifNull(m.channel, '') AS channel, ifNull(m.category, '') AS category, ifNull(m.origin, '') AS origin,
  -- Of the segments that the last delivery was in, as known then.
  substring(arrayFirst(s -> startsWith(s, 'country:'), in_segments), 9) AS country,
  substring(arrayFirst(s -> startsWith(s, 'plan:'), in_segments), 6) AS plan,
  toString(toMonth({t0:DateTime64(3)}, 'UTC')) AS month,
  -- Recency and tenure, in days.
  (now_ms - o.began) / day_ms AS tenure, m.days_since_delivery AS days_since_delivery,
  m.days_since_open AS days_since_open, m.days_since_click AS days_since_click,
  -- Frequency.
  ifNull(m.delivered_7, 0) AS delivered_7, ifNull(m.delivered_28, 0) AS delivered_28,
  ifNull(m.delivered_90, 0) AS delivered_90, ifNull(m.delivered_7_all, 0) AS delivered_7_all,
  (ifNull(m.delivered_7, 0) + 0.5) / (ifNull(m.delivered_28, 0) / 4 + 0.5) AS frequency_ratio,
  ifNull(m.most_on_a_day_28, 0) AS most_on_a_day_28,
  ifNull(m.at_night_28, 0) / (ifNull(m.delivered_28, 0) + 1) AS night_share_28,
  ifNull(m.at_weekend_28, 0) / (ifNull(m.delivered_28, 0) + 1) AS weekend_share_28,
  (ifNull(m.delivered_28, 0) + 1) / (ifNull(m.delivered_28_all, 0) + 1) AS stream_share_28,
  -- Engagement, shrunk by ten deliveries.
  (ifNull(m.opened_28, 0) + 1) / (ifNull(m.delivered_28, 0) + 10) AS open_rate_28,
  (ifNull(m.opened_90, 0) + 1) / (ifNull(m.delivered_90, 0) + 10) AS open_rate_90,
  (ifNull(m.clicked_28, 0) + 1) / (ifNull(m.delivered_28, 0) + 10) AS click_rate_28,
  (ifNull(m.clicked_90, 0) + 1) / (ifNull(m.delivered_90, 0) + 10) AS click_rate_90,
  open_rate_28 - open_rate_90 AS open_trend,
  ifNull(m.opens_decayed_7, 0) AS opens_decayed_7, ifNull(m.opens_decayed_30, 0) AS opens_decayed_30,
  ifNull(m.clicks_decayed_30, 0) AS clicks_decayed_30,
  -- What was said before.
  ifNull(m.bounced_90, 0) AS bounced_90, o.streams_open AS streams_open, o.opt_outs_elsewhere AS opt_outs_elsewhere,
  o.opt_outs AS opt_outs_here, o.complaints_before AS complaints_before, toUInt8(length(o.turns) > 1) AS came_back
FROM overall AS o
LEFT JOIN everything AS m ON m.person = o.person AND m.stream = o.stream
WHERE o.is_open AND o.person NOT IN (SELECT subject FROM objectors)
ORDER BY person, stream
