-- Everybody, by internal id after `after`.
SELECT person
FROM subjects FINAL
WHERE person > {after:UUID}
ORDER BY person
LIMIT {limit:UInt32}
