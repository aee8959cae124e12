-- Who left without being invited by a link of ours, in [from, to) by when it was said: for each segment of the person at
-- that moment (segment '' is everybody) and each stream, by kind. `late` is any other opt-out more than 72 hours after
-- the last delivery on its channel. `requests` are all who left there, invited or not.
SELECT segment, stream, requests, unsolicited, by_kind.1 AS kinds, by_kind.2 AS counts
FROM
(
  SELECT segment, stream, count() AS requests, countIf(came_unsolicited) AS unsolicited,
    sumMapIf([kind], [toUInt64(1)], came_unsolicited) AS by_kind
  FROM
  (
    SELECT toString(stream) AS stream, toString(arrayJoin(arrayConcat([''], segments))) AS segment,
      id IN (SELECT decision FROM counted_requests FINAL
        WHERE order_at >= {from:DateTime} AND order_at < {to:DateTime} AND counted_requests.unsolicited) AS came_unsolicited,
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
  )
  GROUP BY segment, stream
)
WHERE unsolicited > 0
ORDER BY segment != '', unsolicited DESC, segment, stream
LIMIT {limit:UInt32}
