-- Deliveries, and opens and clicks that were no machine's, of each person and stream in the 7, 30 and 90 days to an
-- instant. `asked` is one line a person: person, tab, instant in ms since the epoch. A window leaves its first instant
-- out and takes its last in, as `within the last` does. No row where nothing was in 90 days.
WITH questions AS
(
  SELECT toUUIDOrZero(parts[1]) AS person, fromUnixTimestamp64Milli(toInt64OrZero(parts[2]), 'UTC') AS at
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {asked:String}))) AS parts)
)
SELECT e.person AS person, e.stream AS stream, any(e.channel) AS channel, any(e.category) AS category,
  toUInt32(countIf(e.type = 'delivered' AND e.occurred_at > q.at - INTERVAL 7 DAY)) AS sends_7d,
  toUInt32(countIf(e.type = 'delivered' AND e.occurred_at > q.at - INTERVAL 30 DAY)) AS sends_30d,
  toUInt32(countIf(e.type = 'delivered')) AS sends_90d,
  toUInt32(countIf(e.type = 'opened' AND e.occurred_at > q.at - INTERVAL 7 DAY)) AS opens_7d,
  toUInt32(countIf(e.type = 'opened' AND e.occurred_at > q.at - INTERVAL 30 DAY)) AS opens_30d,
  toUInt32(countIf(e.type = 'opened')) AS opens_90d,
  toUInt32(countIf(e.type = 'clicked' AND e.occurred_at > q.at - INTERVAL 7 DAY)) AS clicks_7d,
  toUInt32(countIf(e.type = 'clicked' AND e.occurred_at > q.at - INTERVAL 30 DAY)) AS clicks_30d,
  toUInt32(countIf(e.type = 'clicked')) AS clicks_90d
FROM
(
  SELECT person, stream, channel, category, type, occurred_at
  FROM events
  WHERE person IN (SELECT person FROM questions)
    AND (type = 'delivered' OR (type IN ('opened', 'clicked') AND NOT has(flags, 'machine')))
) AS e
INNER JOIN questions AS q ON q.person = e.person
WHERE e.occurred_at > q.at - INTERVAL 90 DAY AND e.occurred_at <= q.at
GROUP BY e.person, e.stream
