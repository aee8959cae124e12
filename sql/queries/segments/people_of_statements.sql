-- People whose permission may have changed: statements about them or an address of theirs arrived or lapsed after `from`
-- and up to `to`.
WITH bound AS
(
  SELECT DISTINCT subject
  FROM statements
  WHERE (received_at > {from:DateTime64(3)} AND received_at <= {to:DateTime64(3)})
    OR (expires_at > {from:DateTime64(3)} AND expires_at <= {to:DateTime64(3)})
)
SELECT DISTINCT person
FROM
(
  SELECT subject AS person FROM bound
  UNION ALL
  SELECT person FROM identifiers FINAL WHERE linked AND identifier IN (SELECT subject FROM bound)
)
WHERE person IN (SELECT person FROM subjects)
ORDER BY person
