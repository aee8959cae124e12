-- The streams and segments ('' is all) whose curve was published for that instant.
SELECT DISTINCT toString(stream) AS of_stream, toString(segment) AS of_segment
FROM published_curves
WHERE published_curves.as_of = {as_of:DateTime64(3)}
ORDER BY of_stream, of_segment
