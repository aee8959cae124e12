-- The instants at which a retention curve of a stream and segment ('' is all) was published, the latest first.
SELECT DISTINCT published_curves.as_of AS of
FROM published_curves
WHERE stream = {stream:String} AND segment = {segment:String}
ORDER BY of DESC
LIMIT {limit:UInt32}
