-- Whom something may be sent to now: open spells, the people who have one and the streams that have one.
-- A spell is open when its last edge opens it, or when there is no edge but an exposure (spells_by_person says the same
-- of one person). Always one row.
WITH
  ends AS
  (
    SELECT person, toString(stream) AS stream, argMax(toString(edge), (at, toString(edge))) AS last_edge
    FROM spell_edges
    GROUP BY person, stream
  )
SELECT sum(length(open_streams)) AS spells, count() AS subscribers, length(groupUniqArrayArray(open_streams)) AS streams
FROM
(
  SELECT person, groupUniqArray(stream) AS open_streams
  FROM
  (
    SELECT person, toString(stream) AS stream
    FROM exposures
    WHERE (person, toString(stream)) NOT IN (SELECT person, stream FROM ends WHERE last_edge = 'close')
    UNION ALL
    SELECT person, stream FROM ends WHERE last_edge = 'open'
  )
  GROUP BY person
)
