-- Every backtest that ended, the latest first, without what it found.
SELECT id, ruleset, state, from_at, to_at, started_at, started_by, ms, error
FROM backtests
ORDER BY started_at DESC, id
LIMIT 1000
