-- The retention curve of a stream and segment ('' is all) as it was published last at `as_of` or before.
SELECT published_curves.as_of AS of, published_curves.known_at AS known, body
FROM published_curves
WHERE stream = {stream:String} AND segment = {segment:String} AND published_curves.as_of <= {as_of:DateTime64(3)}
ORDER BY of DESC, known
LIMIT 1
