-- Every version of every stream, oldest first. A version written by two groups stands once.
SELECT key, version, any(channel) AS channel, any(category) AS category, any(origin) AS origin, any(class) AS class,
  any(brand) AS brand, any(list_id) AS list_id, any(title) AS title, any(all_option_shown) AS all_option_shown,
  any(legal_basis) AS legal_basis, any(regime) AS regime, any(markets) AS markets, any(parent) AS parent,
  any(reviewed) AS reviewed, any(changed_at) AS changed_at, any(changed_by) AS changed_by
FROM streams
GROUP BY key, version
ORDER BY changed_at, key, version
