-- Every dashboard user in the newest version.
SELECT name, password, roles, sessions_valid_from, version
FROM users FINAL
ORDER BY name
