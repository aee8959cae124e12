-- Deliveries (by event id) to which an opt-out or complaint of these people is attributed already.
-- Ids are separated by newlines.
SELECT DISTINCT person, delivery
FROM attributions
WHERE person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
