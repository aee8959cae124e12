-- The person behind each message id, for requests that name nobody else. Ids are separated by newlines.
-- Some senders give every copy of a mailing the same id: then nobody in particular is behind it, and person is zero.
SELECT
  message_id,
  if(uniqExact(events.person) = 1, any(events.person), toUUID('00000000-0000-0000-0000-000000000000')) AS person,
  toUInt32(uniqExact(events.person)) AS people
FROM events
WHERE type = 'delivered' AND message_id IN (SELECT arrayJoin(splitByChar('\n', {ids:String})))
GROUP BY message_id
