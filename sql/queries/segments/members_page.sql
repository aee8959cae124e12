-- People who are in a segment now, by internal id after `after`, with the instant since which they are.
SELECT person, at
FROM members FINAL
WHERE segment = {segment:String} AND edge = 'entered' AND person > {after:UUID}
ORDER BY person
LIMIT {limit:UInt32}
