-- The newest unsolicited opt-outs, complaints and erasures in [from, to), up to three of each kind, stream and segment (''
-- is everybody), without whoever made them.
SELECT segment, stream, kind, id, order_at AS at, trigger, campaign
FROM
(
  SELECT toString(arrayJoin(arrayConcat([''], segments))) AS segment, toString(stream) AS stream, id, order_at,
    toString(trigger) AS trigger, toString(campaign) AS campaign, seq,
    multiIf(
    type = 'erased' OR trigger = 'erasure_request_art17', 'erasure',
    trigger IN ('complaint', 'complaint_optout'), 'complaint',
    trigger = 'provider_suppressed', 'suppression',
    trigger = 'opt_out_preference_signal', 'privacy_signal',
    trigger = 'gdpr_objection_art21', 'objection',
    made_by = 'regulator', 'regulator',
    made_by = 'agent', 'agent',
    trigger = 'mailto_unsubscribe' AND stream = '', 'free_text',
    'late') AS kind
  FROM decisions
  WHERE order_at >= {from:DateTime} AND order_at < {to:DateTime} AND type IN ('opted_out', 'complained', 'erased')
    AND id IN (SELECT decision FROM counted_requests FINAL
      WHERE order_at >= {from:DateTime} AND order_at < {to:DateTime} AND unsolicited)
)
ORDER BY segment, stream, kind, at DESC, seq DESC
LIMIT 3 BY segment, stream, kind
