-- Decisions about requests that were received in [from, to): what was asked, what was decided, what stopped and what went on;
-- for analysts, and so without free text, evidence and the facts about a person. Delivery, unsolicited or not, and streams
-- kept are what the request counts as now (`recounts`). `person` is '' where nobody is known behind the request; people who
-- were erased are not in it, nor whose profile is gone. `quote_formulas` as in exports/events.
WITH
  (text) -> if({quote_formulas:Bool} AND match(toString(text), '^[=+@\t\r-]'), concat('\'', toString(text)), toString(text)) AS plain,
  gone AS
  (
    SELECT person FROM spell_marks
    WHERE selector = '@' AND cause = 4 AND decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  ),
  recounted AS
  (
    SELECT decision, argMax((unsolicited, attributed_delivery, attributed_at, attributed_stream,
      attributed_campaign, kept_by_scoping), version) AS now
    FROM recounts
    WHERE sign = 1 AND received_at >= {from:DateTime64(3)} AND received_at < {to:DateTime64(3)}
    GROUP BY decision
  ),
  toUUID('00000000-0000-0000-0000-000000000000') AS nobody
SELECT toString(d.id) AS id, d.seq AS seq, plain(d.event_id) AS event_id, toString(d.type) AS type, toString(d.trigger) AS trigger,
  toString(d.made_by) AS made_by, if(d.person = nobody, '', toString(d.person)) AS person, d.occurred_at AS occurred_at,
  d.received_at AS received_at, d.order_at AS order_at, d.decided_at AS decided_at, plain(d.stream) AS stream,
  plain(d.channel) AS channel, plain(d.category) AS category, plain(d.origin) AS origin, plain(d.audience) AS audience,
  plain(d.campaign) AS campaign, plain(d.message_type) AS message_type, plain(d.message_id) AS message_id,
  if(match(d.reason, '^[a-z][a-z0-9_]{0,39}$') OR d.reason = '', d.reason, 'other') AS reason, plain(d.asked) AS asked,
  toString(d.ruleset) AS ruleset, plain(d.rule) AS rule, toString(d.floor_version) AS floor_version, d.effective AS effective,
  arrayMap(w -> toString(w), d.widened_for) AS widened_for, d.flags AS flags,
  arrayMap(s -> toString(s), d.streams_stopped) AS streams_stopped, arrayMap(s -> toString(s), d.streams_kept) AS streams_kept,
  arrayMap(s -> toString(s), d.segments) AS segments, if(d.voids = nobody, '', toString(d.voids)) AS voids,
  d.is_unsolicited AS unsolicited, plain(d.of_delivery) AS attributed_delivery,
  if(d.of_delivery = '', NULL, d.delivered_at) AS attributed_at, plain(d.of_stream) AS attributed_stream,
  plain(d.of_campaign) AS attributed_campaign, d.kept AS kept_by_scoping
FROM
(
  SELECT decisions.*, r.decision = decisions.id AS is_recounted,
    if(is_recounted, r.now.1, decisions.unsolicited) AS is_unsolicited,
    if(is_recounted, r.now.2, decisions.attributed_delivery) AS of_delivery,
    if(is_recounted, r.now.3, decisions.attributed_at) AS delivered_at,
    if(is_recounted, r.now.4, decisions.attributed_stream) AS of_stream,
    if(is_recounted, r.now.5, decisions.attributed_campaign) AS of_campaign,
    if(is_recounted, r.now.6, decisions.kept_by_scoping) AS kept
  FROM decisions
  LEFT JOIN recounted AS r ON r.decision = decisions.id
  WHERE received_at >= {from:DateTime64(3)} AND received_at < {to:DateTime64(3)}
    AND (person = nobody OR person IN (SELECT person FROM subjects)) AND person NOT IN (SELECT person FROM gone)
) AS d
