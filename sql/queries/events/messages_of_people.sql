-- Which of these messages were delivered to which of these people, one row for each pair, whoever else got them.
-- Message ids and people are separated by newlines.
SELECT DISTINCT message_id, person
FROM events
WHERE type = 'delivered'
  AND message_id IN (SELECT arrayJoin(splitByChar('\n', {ids:String})))
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {people:String}))))
