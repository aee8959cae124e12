-- The people behind identifier ids (keyed hashes), one row for each pair. Ids are separated by newlines.
SELECT i.identifier AS identifier, s.person AS person, s.version AS version, s.external_id AS external_id,
  s.email_id AS email_id, s.phone_id AS phone_id, s.push_id AS push_id, s.sealed AS sealed, s.key_slot AS key_slot,
  s.jurisdiction AS jurisdiction, s.phone_country AS phone_country, s.attributes AS attributes, s.first_seen_at AS first_seen_at
FROM
(
  SELECT identifier, person
  FROM identifiers FINAL
  WHERE linked AND identifier IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
) AS i
INNER JOIN
(
  SELECT *
  FROM subjects FINAL
  WHERE person IN
  (
    SELECT person
    FROM identifiers
    WHERE identifier IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
  )
) AS s ON i.person = s.person
ORDER BY s.first_seen_at, s.person
