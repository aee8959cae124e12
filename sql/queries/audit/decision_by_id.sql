-- One decision with all it knew and did, and whether it was taken back since.
SELECT seq, id, type, trigger, made_by, person, identifier, channel, stream, campaign, reason, occurred_at, received_at,
  decided_at, asked, ruleset, rule, rollout, tag, offers, floor_version, floor, trace, facts, effective, widened_for, flags, streams_stopped,
  streams_kept, kept_by_scoping, unsolicited, attributed_delivery, attributed_message, attributed_campaign, attributed_at,
  attributed_segments, segments,
  (
    SELECT count() > 0
    FROM statements
    WHERE effect = 'void' AND voids = {id:UUID}
      AND subject IN (SELECT arrayJoin([person, identifier]) FROM decisions WHERE id = {id:UUID})
  ) AS voided
FROM decisions
WHERE id = {id:UUID}
LIMIT 1
