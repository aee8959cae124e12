-- The highest sequence number given, to a decision or to an edge of a membership; 0 when there is none.
SELECT max(seq) AS seq
FROM (SELECT max(seq) AS seq FROM decisions UNION ALL SELECT max(seq) AS seq FROM memberships)
