-- The next people and identifiers, after `after`, about whom the ledger holds a line that may deny. Whether one still
-- stands is asked of their whole ledger. In the engine's order of UUIDs, which is not that of their text.
SELECT subject
FROM statements
WHERE subject > {after:UUID} AND effect IN ('opt_out', 'pause', 'hold')
ORDER BY subject
LIMIT 1 BY subject
LIMIT {limit:UInt32}
