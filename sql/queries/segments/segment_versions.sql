-- Every version of every segment, oldest first. A version written twice stands once.
SELECT key, version, any(name) AS name, any(description) AS description, any(condition) AS condition, any(state) AS state,
  any(why) AS why, any(changed_at) AS changed_at, any(changed_by) AS changed_by
FROM segments
GROUP BY key, version
ORDER BY key, version
