CREATE MATERIALIZED VIEW IF NOT EXISTS spell_edges_mv TO spell_edges AS
SELECT
  person, e.stream AS stream, e.at AS at,
  CAST(e.edge, 'Enum8(\'open\' = 1, \'close\' = 2)') AS edge, e.cause AS cause, decision, segments, received_at
FROM
(
  SELECT arrayJoin(spell_edges) AS e, person, id AS decision, segments, received_at
  FROM decisions
)
