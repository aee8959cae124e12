-- Opt-outs of each segment on each stream that is asked for (`segments` and `streams` side by side, '' for all), made in
-- [from, to) and open to rules: how many, some of the latest to see which rule decides there, and of those that were made
-- on a page, where offers are shown (`shown`), how many were followed within a day by a pause or a cap (`taken`) of the
-- same person. Who objects to profiling is left out.
WITH
  asked AS
  (
    SELECT arrayJoin(arrayZip({segments:Array(String)}, {streams:Array(String)})) AS cell
  ),
  taken AS
  (
    SELECT person, groupArray(toUnixTimestamp64Milli(order_at)) AS moments
    FROM decisions
    WHERE type IN ('paused', 'capped') AND order_at >= {from:DateTime64(3)}
    GROUP BY person
  ),
  leaving AS
  (
    SELECT person, seq, segments, stream, toUnixTimestamp64Milli(order_at) AS moment,
      trigger IN ('link_unsubscribe', 'stream_unsubscribe', 'group_unsubscribe', 'preference_change', 'global_unsubscribe') AS is_shown
    FROM decisions
    WHERE type = 'opted_out' AND reach_open AND order_at >= {from:DateTime64(3)} AND order_at < {to:DateTime64(3)}
      AND person NOT IN
      (
        SELECT subject FROM statements
        WHERE position(selector, 'class=profiling') > 0 AND id NOT IN (SELECT voids FROM statements WHERE effect = 'void')
        GROUP BY subject
        HAVING argMax(effect, (order_at, effect)) = 'opt_out'
      )
  )
SELECT cell.1 AS of_segment, cell.2 AS of_stream, count() AS opt_outs, countIf(is_shown) AS shown,
  countIf(is_shown AND is_taken) AS taken, arrayMap(x -> toUInt64(-x), groupArraySorted(9)(-toInt64(seq))) AS latest
FROM
(
  SELECT arrayJoin(arrayFilter(one -> (one.1 = '' OR has(l.segments, one.1)) AND (one.2 = '' OR one.2 = l.stream),
    (SELECT groupArray(cell) FROM asked))) AS cell, l.seq AS seq, l.is_shown AS is_shown,
    arrayExists(at -> at >= l.moment AND at < l.moment + 86400000, ifNull(t.moments, CAST([], 'Array(Int64)'))) AS is_taken
  FROM leaving AS l
  LEFT JOIN taken AS t ON t.person = l.person
)
GROUP BY of_segment, of_stream
ORDER BY of_segment, of_stream
