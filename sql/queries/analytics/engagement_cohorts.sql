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
  people AS
  (
    SELECT person, minIf(occurred_at, type = 'delivered') AS began,
      groupUniqArrayIf(occurred_at, type != 'delivered') AS returns
    FROM events
    WHERE type IN ('delivered', 'opened', 'clicked') AND NOT has(flags, 'machine')
      AND occurred_at < {as_of:DateTime64(3)} AND received_at <= {known_at:DateTime64(3)}
      AND ({stream:String} = '' OR stream = {stream:String})
    GROUP BY person
    HAVING countIf(type = 'delivered') > 0 AND began >= {from:DateTime64(3)} AND began < {to:DateTime64(3)}
  ),
  counted AS
  (
    SELECT
      multiIf({period:String} = 'day', toDate(began), {period:String} = 'week', toMonday(began), toStartOfMonth(began))
        AS cohort,
      began, multiIf({period:String} = 'day', 1, {period:String} = 'week', 7, 30) * 86400000 AS length,
      arrayMap(at -> if({windows:String} = 'rolling',
        intDiv(toUnixTimestamp64Milli(at) - toUnixTimestamp64Milli(began), length),
        multiIf({period:String} = 'day', toDate(at) - toDate(began),
          {period:String} = 'week', intDiv(toMonday(at) - toMonday(began), 7),
          dateDiff('month', toStartOfMonth(began), toStartOfMonth(at)))),
        arrayFilter(at -> at >= began, returns)) AS places
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
