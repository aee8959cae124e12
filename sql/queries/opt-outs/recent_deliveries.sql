-- Deliveries that an opt-out may belong to: for each person those in a window of time, and those with one of the message
-- ids, which are separated by newlines. `windows` is one line a person: id, tab, from, tab, to, both in ms since the epoch.
WITH wanted AS
(
  SELECT toUUIDOrZero(parts[1]) AS person, fromUnixTimestamp64Milli(toInt64OrZero(parts[2]), 'UTC') AS from_at,
    fromUnixTimestamp64Milli(toInt64OrZero(parts[3]), 'UTC') AS to_at
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {windows:String}))) AS parts)
)
SELECT e.id AS id, e.person AS person, e.message_id AS message_id, e.stream AS stream, e.channel AS channel,
  e.campaign AS campaign, e.message_type AS message_type, e.audience AS audience, e.occurred_at AS occurred_at, e.segments AS segments
FROM events AS e
INNER JOIN wanted AS w ON e.person = w.person
WHERE e.type = 'delivered' AND e.person IN (SELECT person FROM wanted)
  AND ((e.occurred_at >= w.from_at AND e.occurred_at <= w.to_at)
    OR e.message_id IN (SELECT arrayJoin(splitByChar('\n', {messages:String})) AS m WHERE m != ''))
