-- Message ids to which an opt-out or complaint of these people is attributed already. Ids are separated by newlines.
SELECT DISTINCT person, attributed_message
FROM decisions
WHERE attributed_message != ''
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
