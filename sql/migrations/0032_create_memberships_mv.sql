-- A decision that claims an earlier receipt (demo, imports) was decided then as far as its lag is concerned.
CREATE MATERIALIZED VIEW IF NOT EXISTS memberships_mv TO memberships AS
SELECT
  person, splitByChar('@', e.1)[1] AS segment, seq,
  CAST(e.2, 'Enum8(\'entered\' = 1, \'left\' = 2)') AS edge,
  toUInt32OrZero(splitByChar('@', e.1)[2]) AS version, received_at AS at, received_at,
  if(decided_at < now64(3, 'UTC') - INTERVAL 1 HOUR, decided_at, now64(3, 'UTC')) AS written_at,
  CAST('decision', 'Enum8(\'decision\' = 1, \'profile\' = 2, \'event\' = 3, \'sweep\' = 4, \'definition\' = 5)') AS cause,
  toString(decision) AS cause_id
FROM
(
  SELECT
    arrayJoin(arrayConcat(
      arrayMap(x -> (toString(x), 'entered'), segments_entered),
      arrayMap(x -> (toString(x), 'left'), segments_left))) AS e,
    person, seq, id AS decision, received_at, decided_at
  FROM decisions
  WHERE notEmpty(segments_entered) OR notEmpty(segments_left)
)
