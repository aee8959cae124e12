-- Who comes back: people by the period in which something was first delivered to them on a stream ('' is any), and for
-- each period n after it how many opened or clicked in exactly that period (`on`), or in it or a later one
-- (`on_or_after`). Machines are left out. A different thing from staying subscribed: retention_curve counts that.
-- `rolling` periods begin with a person's own first delivery and are 24 hours, 7 days or 30 days long; `calendar` ones
-- are UTC days, weeks from Monday, and months. Only people whose period n was over at `as_of` are `eligible`: the others
-- have had no chance yet. `on_or_after` still rises: later returns are not yet seen.
-- What happened before `as_of` counts, and had arrived by `known_at`; cohorts of [from, to).
-- @param period 'day' | 'week' | 'month'
-- @param windows 'rolling' | 'calendar'
WITH
  -- Deliveries of before `as_of` that were received after `known_at`: see retention_curve.
  late AS
  (
    SELECT person, stream, occurred_at
    FROM events
    WHERE type = 'delivered' AND received_at > {known_at:DateTime64(3)} AND occurred_at < {as_of:DateTime64(3)}
  ),
  -- In ms; `delivered` is beyond every instant in a row of a return.
  seen AS
  (
    SELECT cityHash64(person) AS one, toUnixTimestamp64Milli(first_at) AS delivered, toInt64(0) AS returned
    FROM exposures
    WHERE first_at < {as_of:DateTime64(3)} AND ({stream:String} = '' OR stream = {stream:String})
      AND (person, stream, first_at) NOT IN (SELECT person, stream, occurred_at FROM late)
    UNION ALL
    SELECT cityHash64(person) AS one, toUnixTimestamp64Milli(occurred_at) AS delivered, toInt64(0) AS returned
    FROM events
    WHERE type = 'delivered' AND received_at <= {known_at:DateTime64(3)} AND occurred_at < {as_of:DateTime64(3)}
      AND person IN (SELECT person FROM late) AND ({stream:String} = '' OR stream = {stream:String})
    UNION ALL
    SELECT cityHash64(person) AS one, 9223372036854775807 AS delivered, toUnixTimestamp64Milli(occurred_at) AS returned
    FROM returns
    WHERE occurred_at < {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
      AND ({stream:String} = '' OR stream = {stream:String})
  ),
  people AS
  (
    SELECT fromUnixTimestamp64Milli(first, 'UTC') AS began, first, returns_of
    FROM
    (
      SELECT min(delivered) AS first, groupArrayIf(returned, delivered = 9223372036854775807) AS returns_of
      FROM seen
      GROUP BY one
      HAVING first < 9223372036854775807
    )
    WHERE began >= {from:DateTime64(3)} AND began < {to:DateTime64(3)}
  ),
  counted AS
  (
    SELECT
      multiIf({period:String} = 'day', toDate(began), {period:String} = 'week', toMonday(began), toStartOfMonth(began))
        AS cohort,
      began, multiIf({period:String} = 'day', 1, {period:String} = 'week', 7, 30) * 86400000 AS length,
      arrayMap(returned -> if({windows:String} = 'rolling',
        intDiv(returned - first, length),
        multiIf({period:String} = 'day', toDate(fromUnixTimestamp64Milli(returned, 'UTC')) - toDate(began),
          {period:String} = 'week',
          intDiv(toMonday(fromUnixTimestamp64Milli(returned, 'UTC')) - toMonday(began), 7),
          dateDiff('month', toStartOfMonth(began), toStartOfMonth(fromUnixTimestamp64Milli(returned, 'UTC'))))),
        arrayFilter(returned -> returned >= first, returns_of)) AS places
    FROM people
  ),
  cells AS
  (
    SELECT cohort, arrayJoin(range({periods:UInt32})) AS n, has(places, n) AS is_on,
      arrayMax(arrayPushBack(places, -1)) >= n AS is_after,
      if({windows:String} = 'rolling', toUnixTimestamp64Milli(began) + (n + 1) * length,
        toUnixTimestamp(multiIf({period:String} = 'day', toDateTime(cohort + toIntervalDay(n + 1), 'UTC'),
          {period:String} = 'week', toDateTime(cohort + toIntervalWeek(n + 1), 'UTC'),
          toDateTime(cohort + toIntervalMonth(n + 1), 'UTC'))) * 1000)
        <= toUnixTimestamp64Milli({as_of:DateTime64(3)}) AS is_over
    FROM counted
  )
SELECT cohort, toUInt32(n) AS n, toUInt32(count()) AS size, toUInt32(countIf(is_over)) AS eligible,
  toUInt32(countIf(is_over AND is_on)) AS on, toUInt32(countIf(is_over AND is_after)) AS on_or_after
FROM cells
GROUP BY cohort, n
ORDER BY cohort, n
