/** What a figure means. The page takes titles and the meaning of an empty bucket from here. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: 'share' | 'count' | 'milliseconds';
  /** Buckets may be added up, and one without rows is 0; otherwise it is a gap. */
  readonly additive: boolean;
  readonly numerator: string;
  /** null for what is counted and not divided. */
  readonly denominator: string | null;
  /** The named SQL query that answers it. */
  readonly query: string;
  readonly definition: string;
  /** Which instant places it in a window, and how long a request may still change it afterwards. */
  readonly attributionWindow: string;
  readonly timeZone: 'UTC';
}

const byDelivery =
  'Counted in the hour of the delivery. It belongs to at most one: the message it names, else the last one on its stream within 7 days; so a bucket may still rise for 7 days.';
const byRequest =
  'Counted when the request was made. What arrives late of the time before it may change it: the order of arrival does not matter.';

/** The catalogue of figures. A rate never counts an opt-out that belongs to no delivery. */
export const metrics = [
  {
    id: 'opt_out_rate',
    title: 'Opt-out rate',
    unit: 'share',
    additive: false,
    numerator: 'opt-outs attributed to a delivery of the window',
    denominator: 'messages delivered in the window',
    query: 'analytics/overview_totals',
    definition:
      'Opt-outs that belong to a delivery, divided by messages delivered, with a 95 % Wilson interval. Complaints and unattributed opt-outs are not in it.',
    attributionWindow: byDelivery,
    timeZone: 'UTC',
  },
  {
    id: 'complaint_rate',
    title: 'Complaint rate',
    unit: 'share',
    additive: false,
    numerator: 'complaints attributed to a delivery of the window',
    denominator: 'messages delivered in the window',
    query: 'analytics/overview_totals',
    definition:
      'Spam complaints that belong to a delivery, divided by messages delivered, with a 95 % Wilson interval.',
    attributionWindow: byDelivery,
    timeZone: 'UTC',
  },
  {
    id: 'unsolicited_share',
    title: 'Unsolicited share',
    unit: 'share',
    additive: false,
    numerator: 'opt-outs, complaints and erasures that came unsolicited',
    denominator: 'opt-outs, complaints and erasures of the window',
    query: 'analytics/decisions_totals',
    definition:
      'The part that no link of the sender invited: complaints, suppressions learned from a provider, free text, agents and regulators, privacy signals, objections, erasures, and any opt-out more than 72 hours after the last delivery on its channel.',
    attributionWindow: byRequest,
    timeZone: 'UTC',
  },
  {
    id: 'permissions_kept',
    title: 'Permissions kept by scoping',
    unit: 'count',
    additive: true,
    numerator: 'streams a channel-wide opt-out would have closed, minus streams closed',
    denominator: null,
    query: 'analytics/decisions_totals',
    definition: 'Summed over the opt-outs, complaints and erasures of the window.',
    attributionWindow: byRequest,
    timeZone: 'UTC',
  },
  {
    id: 'reach',
    title: 'Reach',
    unit: 'count',
    additive: false,
    numerator: 'pairs of a subscriber and a stream that may be sent to',
    denominator: null,
    query: 'analytics/reach',
    definition:
      'Open subscriptions now: a stream was delivered or opted in to, and no opt-out, complaint, hard bounce, erasure or expired consent has ended it since. It does not depend on the window.',
    attributionWindow: 'As of now.',
    timeZone: 'UTC',
  },
  {
    id: 'time_to_honour',
    title: 'Time to honour (p99)',
    unit: 'milliseconds',
    additive: false,
    numerator: '99th percentile of decision time minus receipt, interpolated (R type 7)',
    denominator: null,
    query: 'analytics/decisions_totals',
    definition:
      'From the receipt of an opt-out, complaint or erasure to the decision that every later send check obeys.',
    attributionWindow: 'In the window of the receipt.',
    timeZone: 'UTC',
  },
  {
    id: 'unattributed_opt_outs',
    title: 'Unattributed opt-outs',
    unit: 'count',
    additive: true,
    numerator: 'opt-outs and complaints that belong to no delivery',
    denominator: null,
    query: 'analytics/decisions_totals',
    definition:
      'No message named, none delivered on the stream in the 7 days before, or a repeat of an opt-out that its delivery bears already. Shown beside the rate, never in it.',
    attributionWindow: byRequest,
    timeZone: 'UTC',
  },
  {
    id: 'delivered',
    title: 'Delivered',
    unit: 'count',
    additive: true,
    numerator: 'messages delivered',
    denominator: null,
    query: 'analytics/overview_totals',
    definition: 'Deliveries that senders and providers reported, each event id once.',
    attributionWindow: 'Counted in the hour of the delivery.',
    timeZone: 'UTC',
  },
] as const satisfies readonly Metric[];
