-- The sequence number of a decision; no row where there is none of that id.
SELECT seq
FROM decisions
WHERE id = {id:UUID}
LIMIT 1
