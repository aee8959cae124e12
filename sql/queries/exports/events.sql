-- Deliveries, opens, clicks, bounces and whatever else was reported, received in [from, to): for analysts, and so without
-- metadata (user agents, addresses of machines). People who were erased are not in it, nor whose profile is gone. With
-- `quote_formulas` an apostrophe leads text that a spreadsheet would take for a formula.
WITH
  (text) -> if({quote_formulas:Bool} AND match(toString(text), '^[=+@\t\r-]'), concat('\'', toString(text)), toString(text)) AS plain,
  gone AS
  (
    SELECT person FROM spell_marks
    WHERE selector = '@' AND cause = 4 AND decision NOT IN (SELECT voids FROM spell_marks WHERE selector = '')
  )
SELECT plain(e.id) AS id, toString(e.type) AS type, toString(e.person) AS person, e.occurred_at AS occurred_at,
  e.received_at AS received_at, plain(e.stream) AS stream, plain(e.channel) AS channel, plain(e.category) AS category,
  plain(e.origin) AS origin, plain(e.audience) AS audience, plain(e.campaign) AS campaign,
  plain(e.message_type) AS message_type, plain(e.message_id) AS message_id,
  arrayMap(s -> toString(s), e.segments) AS segments, plain(e.trigger) AS trigger, arrayMap(f -> toString(f), e.flags) AS flags
FROM
(
  SELECT *
  FROM events
  WHERE received_at >= {from:DateTime64(3)} AND received_at < {to:DateTime64(3)}
    AND person IN (SELECT person FROM subjects) AND person NOT IN (SELECT person FROM gone)
) AS e
