-- Whom something may be sent to now: open spells, the people who have one and the streams that have one.
-- A spell is open when its last edge opens it, or when there is no edge but an exposure (spells_by_person says the same
-- of one person): so an exposure counts as an opening before every edge. `rank` is the instant in ms, doubled, plus 1 for
-- an opening: of two edges at one instant the opening is the later.
-- People and streams are told apart by 64-bit hashes: 3.2 M distinct pairs took 3 to 5 s by themselves and about 1 s
-- hashed, on two busy cores. Two of a million people share a hash with a chance of 3 in 100 million.
-- Always one row.
SELECT count() AS spells, uniqExact(one) AS subscribers, uniqExact(kind) AS streams
FROM
(
  SELECT cityHash64(person) AS one, cityHash64(stream) AS kind, max(rank) AS last_rank
  FROM
  (
    SELECT person, stream, toInt64(1) AS rank
    FROM exposures
    UNION ALL
    SELECT person, stream, toUnixTimestamp64Milli(at) * 2 + (edge = 'open') AS rank
    FROM spell_edges
  )
  GROUP BY one, kind
)
WHERE last_rank % 2 = 1
