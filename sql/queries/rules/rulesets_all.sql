-- Every version of the rules, oldest first.
SELECT id, number, rules, note, based_on, created_at, created_by
FROM rulesets
ORDER BY number
