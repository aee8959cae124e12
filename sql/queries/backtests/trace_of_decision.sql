-- Which version of the rules made a decision, and what each rule came to; no row where there is no decision of that id.
SELECT seq, ruleset, trace
FROM decisions
WHERE id = {id:UUID}
LIMIT 1
