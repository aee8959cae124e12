CREATE MATERIALIZED VIEW IF NOT EXISTS statements_mv TO statements AS
SELECT
  s.subject AS subject, s.order_at AS order_at, s.id AS id, s.binds AS binds, person, s.selector AS selector,
  CAST(s.effect, 'Enum8(\'opt_in\' = 0, \'opt_out\' = 1, \'pause\' = 2, \'cap\' = 3, \'hold\' = 4, \'void\' = 5)') AS effect,
  s.tolerance AS tolerance, s.strength AS strength, s.counts AS counts, s.explicit AS explicit,
  s.expires_at AS expires_at, s.basis AS basis, s.evidence AS evidence, decision, s.voids AS voids,
  s.cap_n AS cap_n, s.cap_per AS cap_per, seq, received_at
FROM
(
  SELECT arrayJoin(statements) AS s, person, id AS decision, seq, received_at
  FROM decisions
)
