-- The delivery behind each message id, for requests that name nobody. Ids are separated by newlines.
SELECT message_id, argMax(person, occurred_at) AS person
FROM events
WHERE type = 'delivered' AND message_id IN (SELECT arrayJoin(splitByChar('\n', {ids:String})))
GROUP BY message_id
