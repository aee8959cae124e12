-- Soft bounces of each person on each channel since an instant. Refusals of the sender (`block`) and delays are none. Some
-- providers report every attempt: a message that bounced again is the same bounce.
SELECT person, channel, toUInt32(uniqExact(if(message_id = '', id, message_id))) AS bounces
FROM events
WHERE type = 'bounced' AND trigger IN ('soft_bounce', '') AND NOT has(flags, 'block')
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
  AND occurred_at >= {since:DateTime64(3)}
GROUP BY person, channel
