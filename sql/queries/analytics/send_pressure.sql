-- How much people are sent: messages delivered in [from, to), and how many different people received any of them, for each
-- value of up to two dimensions. Segments are the person's at the delivery. People are told apart by 64-bit hashes.
-- @param first 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience'
-- @param second 'none' | 'segment' | 'stream' | 'campaign' | 'channel' | 'category' | 'origin' | 'message_type' | 'audience'
SELECT
  toString(multiIf({first:String} = 'none', '', {first:String} = 'segment', segment, {first:String} = 'stream', stream,
    {first:String} = 'campaign', campaign, {first:String} = 'channel', channel, {first:String} = 'category', category,
    {first:String} = 'origin', origin, {first:String} = 'message_type', message_type, audience)) AS first_key,
  toString(multiIf({second:String} = 'none', '', {second:String} = 'segment', segment, {second:String} = 'stream', stream,
    {second:String} = 'campaign', campaign, {second:String} = 'channel', channel, {second:String} = 'category', category,
    {second:String} = 'origin', origin, {second:String} = 'message_type', message_type, audience)) AS second_key,
  count() AS messages, uniqExact(one) AS subscribers
FROM
(
  SELECT cityHash64(person) AS one, stream, campaign, channel, category, origin, message_type, audience,
    arrayJoin(if({first:String} = 'segment' OR {second:String} = 'segment', segments, [''])) AS segment
  FROM events
  WHERE type = 'delivered' AND occurred_at >= {from:DateTime} AND occurred_at < {to:DateTime}
)
GROUP BY first_key, second_key
ORDER BY messages DESC, first_key, second_key
