-- Deliveries, and opens and clicks that were no machine's, in the 7, 30 and 90 days to the instant of a question, by
-- stream, as they were known at that instant. `asked` is one line a question: number, tab, person, tab, instant in ms
-- since the epoch. A window leaves its first instant out and takes its last in.
WITH questions AS
(
  SELECT toUInt64OrZero(parts[1]) AS number, toUUIDOrZero(parts[2]) AS person,
    fromUnixTimestamp64Milli(toInt64OrZero(parts[3]), 'UTC') AS at
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {asked:String}))) AS parts)
)
SELECT q.number AS number, e.stream AS stream, any(e.channel) AS channel, any(e.category) AS category,
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
  SELECT person, stream, channel, category, type, occurred_at, received_at
  FROM events
  WHERE person IN (SELECT person FROM questions)
    AND (type = 'delivered' OR (type IN ('opened', 'clicked') AND NOT has(flags, 'machine')))
) AS e
INNER JOIN questions AS q ON q.person = e.person
WHERE e.occurred_at > q.at - INTERVAL 90 DAY AND e.occurred_at <= q.at AND e.received_at <= q.at
GROUP BY q.number, e.stream
