-- Deliveries that an opt-out may belong to: those with one of the message ids, and those since `from`.
-- Ids are separated by newlines.
SELECT person, message_id, stream, channel, campaign, message_type, occurred_at, segments
FROM events
WHERE type = 'delivered'
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {people:String}))))
  AND (occurred_at >= {from:DateTime64(3, 'UTC')}
    OR message_id IN (SELECT arrayJoin(splitByChar('\n', {messages:String}))))
