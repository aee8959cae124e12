-- People by internal id. Ids are separated by newlines.
SELECT person, version, external_id, email_id, phone_id, push_id, sealed, key_slot, jurisdiction, phone_country, attributes,
  first_seen_at
FROM subjects FINAL
WHERE person IN (SELECT arrayJoin(arrayMap(x -> toUUIDOrZero(x), splitByChar('\n', {ids:String}))))
