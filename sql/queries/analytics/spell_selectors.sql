-- The selectors that stand in the ledger of what begins and ends spells: which streams each covers, the catalogue knows.
SELECT DISTINCT toString(selector) AS selector
FROM spell_marks
WHERE selector != ''
ORDER BY selector
