-- The latest run of each job, and its latest that went well.
SELECT job, max(due) AS latest_due, argMax(started_at, due) AS latest_started_at, argMax(ms, due) AS latest_ms,
  argMax(state, due) AS latest_state, argMax(error, due) AS latest_error, argMax(counts, due) AS latest_counts,
  maxIf(due, state = 'done') AS done_due
FROM job_runs
GROUP BY job
ORDER BY job
