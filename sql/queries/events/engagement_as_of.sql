-- When each of these people last opened or clicked at or before an instant of the past: for deliveries that arrive late.
-- `asked` is one line a question: number, tab, person, tab, instant in ms since the epoch. No row where they never did.
WITH questions AS
(
  SELECT toUInt32OrZero(parts[1]) AS number, toUUIDOrZero(parts[2]) AS person,
    fromUnixTimestamp64Milli(toInt64OrZero(parts[3]), 'UTC') AS at
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {asked:String}))) AS parts)
)
SELECT q.number AS number, e.occurred_at AS engaged_at
FROM questions AS q
ASOF INNER JOIN
(
  SELECT person, occurred_at
  FROM events
  WHERE type IN ('opened', 'clicked') AND NOT has(flags, 'machine') AND person IN (SELECT person FROM questions)
) AS e ON q.person = e.person AND q.at >= e.occurred_at
