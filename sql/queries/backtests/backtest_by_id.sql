-- One backtest with what it found, as JSON.
SELECT id, ruleset, state, from_at, to_at, known_seq, started_at, started_by, ms, error, report
FROM backtests
WHERE id = {id:UUID}
LIMIT 1
