-- The streams whose spells these decisions closed, so that taking them back re-opens those and no others.
-- Ids are separated by newlines.
SELECT decision, stream
FROM spell_edges
WHERE edge = 'close'
  AND person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {people:String}))))
  AND decision IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {decisions:String}))))
