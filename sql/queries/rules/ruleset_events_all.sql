-- What became of every version of the rules, in order.
SELECT ruleset, event, at, by, why, percent, data
FROM ruleset_events
ORDER BY at, ruleset, event
