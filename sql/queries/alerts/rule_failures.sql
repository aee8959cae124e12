-- Rules that threw while they decided, in decisions that were committed from `since` on: how many they failed in and how
-- many their version made, when first and last, on which streams, and the names of the errors. `seq` is the instant of the
-- commit in microseconds, and the order of the table.
WITH 1000 * toUnixTimestamp64Milli({since:DateTime64(3)}) AS first_seq
SELECT
  step.1 AS of_rule, of_version, count() AS failures, any(made.all) AS decisions,
  fromUnixTimestamp64Micro(toInt64(min(seq)), 'UTC') AS first_at, fromUnixTimestamp64Micro(toInt64(max(seq)), 'UTC') AS last_at,
  arraySort(groupUniqArray(20)(toString(stream))) AS of_streams, arraySort(groupUniqArray(20)(step.2)) AS reasons
FROM
(
  SELECT toString(ruleset) AS of_version, seq, stream,
    arrayJoin(JSONExtract(trace, 'Array(Tuple(rule String, failed String))')) AS step
  FROM decisions
  WHERE seq >= first_seq AND has(flags, 'rule_failed')
) AS failed
INNER JOIN
(
  SELECT toString(ruleset) AS version, count() AS all
  FROM decisions
  WHERE seq >= first_seq
  GROUP BY version
) AS made ON made.version = failed.of_version
WHERE step.2 != ''
GROUP BY of_version, of_rule
ORDER BY of_version, of_rule
