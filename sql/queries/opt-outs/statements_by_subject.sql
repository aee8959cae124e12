-- The permission ledger of these subjects (people and identifiers), oldest first. Ids are separated by newlines.
SELECT subject, order_at, id, binds, person, selector, effect, tolerance, strength, counts, explicit, expires_at,
  basis, evidence, decision, voids, cap_n, cap_per
FROM statements
WHERE subject IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
ORDER BY order_at, id
