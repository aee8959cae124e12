-- What each of these identifiers is (email, phone, push), also those that their person gave up since. An identifier that
-- no profile ever had is absent. Ids are separated by newlines.
SELECT identifier, any(kind) AS kind
FROM identifiers
WHERE identifier IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
GROUP BY identifier
