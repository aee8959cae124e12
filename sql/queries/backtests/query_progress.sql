-- How far the engine is with the query of that name: rows read, of how many it expects to read. No row once it has ended.
SELECT toFloat64(read_rows) AS read_rows, toFloat64(total_rows_approx) AS expected_rows
FROM system.processes
WHERE Settings['log_comment'] = {query:String} AND NOT is_cancelled
LIMIT 1
