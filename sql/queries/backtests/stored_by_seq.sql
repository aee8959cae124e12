-- Decisions with all that is needed to decide them again. `seqs` are separated by newlines.
SELECT seq, id, type, trigger, person, identifier, stream, occurred_at, received_at, ruleset, rule, facts, segments,
  streams_stopped, streams_kept, recorded, reach_open, jurisdiction, first_seen_at, attributes, last_delivered_at,
  last_opened_at, last_clicked_at, past_opt_outs, risk_30d
FROM decisions
WHERE seq IN (SELECT toUInt64(arrayJoin(splitByChar('\n', {seqs:String}))))
ORDER BY seq
