-- The two arms of one rollout, by intention to treat: a person (or an address that nobody has) belongs to the arm that
-- decided their first opt-out or complaint in [from, to), whatever decided later. An arm that decided nothing has no row.
-- `repeats`: people who left or complained again and stopped something, a second or more after their first decision (a
-- provider tells of one act in several events); `complaints`: people who complained after it. Both within 30 × 24 hours by
-- the time of the act, whether the rollout had ended by then or not, among decisions made by `now`. One person counts once.
-- `followed…` are the same of people whose 30 days are over at `now`. `first_kept` and its squares, for mean and variance:
-- streams that each person's first decision kept. `rulesets`: the versions by which the first decisions were made.
-- `to` is exclusive and not after `now`.
WITH
  if(person = toUUID('00000000-0000-0000-0000-000000000000'), identifier, person) AS who,
  entries AS
  (
    SELECT
      who AS entrant,
      argMin(rollout, seq) AS arm,
      argMin(ruleset, seq) AS first_ruleset,
      min(seq) AS first_seq,
      argMin(order_at, seq) AS first_at,
      argMin(length(decisions.streams_kept), seq) AS kept_first,
      count() AS decided,
      sum(length(decisions.streams_stopped)) AS stopped,
      sum(length(decisions.streams_kept)) AS kept
    FROM decisions
    WHERE decided_at >= {from:DateTime64(3)} AND decided_at < {to:DateTime64(3)}
      AND type IN ('opted_out', 'complained')
      AND (rollout = 'old' OR (rollout = 'new' AND ruleset = {ruleset:String}))
      AND who != toUUID('00000000-0000-0000-0000-000000000000')
    GROUP BY entrant
  ),
  acts AS
  (
    SELECT who AS actor, seq AS act_seq, order_at AS act_at, type = 'complained' AS complained,
      notEmpty(decisions.streams_stopped) AS stopped_some
    FROM decisions
    WHERE decided_at >= {from:DateTime64(3)} AND decided_at <= {now:DateTime64(3)}
      AND type IN ('opted_out', 'complained')
      AND who IN (SELECT entrant FROM entries)
  )
SELECT
  arm,
  arraySort(groupUniqArray(ruleset_first)) AS rulesets,
  count() AS people,
  sum(decided) AS decisions,
  sum(stopped) AS streams_stopped,
  sum(kept) AS streams_kept,
  sum(kept_first) AS first_kept,
  sum(kept_first * kept_first) AS first_kept_squares,
  countIf(repeated) AS repeats,
  countIf(complained_later) AS complaints,
  countIf(followed) AS followed_people,
  countIf(followed AND repeated) AS followed_repeats,
  countIf(followed AND complained_later) AS followed_complaints
FROM
(
  SELECT
    entrant,
    any(entries.arm) AS arm,
    any(first_ruleset) AS ruleset_first,
    any(decided) AS decided,
    any(stopped) AS stopped,
    any(kept) AS kept,
    any(kept_first) AS kept_first,
    any(first_at) + INTERVAL 30 DAY <= {now:DateTime64(3)} AS followed,
    max(act_seq > first_seq AND stopped_some AND act_at >= first_at + INTERVAL 1 SECOND
      AND act_at <= first_at + INTERVAL 30 DAY) AS repeated,
    max(act_seq > first_seq AND complained AND act_at > first_at
      AND act_at <= first_at + INTERVAL 30 DAY) AS complained_later
  FROM entries
  INNER JOIN acts ON actor = entrant
  GROUP BY entrant
)
GROUP BY arm
ORDER BY arm
