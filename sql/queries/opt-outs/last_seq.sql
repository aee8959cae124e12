-- The highest sequence number given, 0 when there is none.
SELECT max(seq) AS seq
FROM decisions
