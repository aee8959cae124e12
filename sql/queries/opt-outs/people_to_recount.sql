-- Of the people to whom something was delivered those with a request that it may matter to: one made then or later, or
-- one that names the message, whenever it was sent. `deliveries` is one line each: person, tab, ms since the epoch, tab,
-- message id.
WITH delivered AS
(
  SELECT toUUIDOrZero(parts[1]) AS person, min(fromUnixTimestamp64Milli(toInt64OrZero(parts[2]), 'UTC')) AS first_at,
    groupUniqArray(parts[3]) AS messages
  FROM (SELECT splitByChar('\t', arrayJoin(splitByChar('\n', {deliveries:String}))) AS parts)
  GROUP BY person
)
SELECT DISTINCT r.person AS person
FROM counted_requests AS r
INNER JOIN delivered AS d ON d.person = r.person
WHERE r.person IN (SELECT person FROM delivered)
  AND (r.order_at >= d.first_at OR (r.message_id != '' AND has(d.messages, r.message_id)))
