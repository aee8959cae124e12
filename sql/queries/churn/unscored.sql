-- People with a subscription that began since the scoring at `t0` and has no score yet: by a first delivery, or by consent.
SELECT DISTINCT toString(person) AS unscored
FROM
(
  SELECT person, stream FROM exposures GROUP BY person, stream HAVING min(first_at) >= {t0:DateTime64(3)}
  UNION ALL
  SELECT person, stream FROM spell_edges WHERE edge = 'open' AND at >= {t0:DateTime64(3)}
)
WHERE (person, stream) NOT IN (SELECT person, stream FROM churn_scores WHERE t0 = {t0:DateTime64(3)})
  AND (person, stream) NOT IN (SELECT person, stream FROM spell_edges WHERE edge = 'close' AND at >= {t0:DateTime64(3)})
ORDER BY unscored
LIMIT {limit:UInt32}
