import { type Dimension, dimensions } from '../contract/analytics.js';

/** What a figure means. The page takes titles and the meaning of an empty bucket from here. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  readonly unit: 'share' | 'count' | 'milliseconds' | 'messages_per_subscriber_and_week';
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
  /** Whose days, weeks and months its buckets are. */
  readonly timeZone: 'as_asked' | 'UTC';
  /** What it can be cut by. */
  readonly dimensions: readonly Dimension[];
}

const byDelivery =
  'Counted at the delivery, to the quarter of an hour. It belongs to at most one: the message it names, else the last one on its stream within 7 days; so a bucket may still rise for 7 days.';
const byRequest =
  'Counted at the request: when it was made, or received where that was earlier. A request that arrives late changes its own bucket.';
const byReceipt =
  'Counted at the receipt, because it is a time from receipt: what was received late stands where it was received.';
/** What a subscription has, whoever holds it. */
const ofStreams = ['stream', 'channel', 'category', 'origin'] as const satisfies readonly Dimension[];
const ofDeliveries = dimensions.filter((one) => one !== 'trigger' && one !== 'reason');

/** The catalogue of figures. A rate never counts an opt-out that belongs to no delivery. */
export const metrics = [
  {
    id: 'opt_out_rate',
    title: 'Opt-out rate',
    unit: 'share',
    additive: false,
    numerator: 'opt-outs attributed to a delivery of the window',
    denominator: 'messages delivered in the window',
    query: 'analytics/rates',
    definition:
      'Opt-outs that belong to a delivery, divided by messages delivered, with a 95 % Wilson interval. Complaints and unattributed opt-outs are not in it.',
    attributionWindow: byDelivery,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'complaint_rate',
    title: 'Complaint rate',
    unit: 'share',
    additive: false,
    numerator: 'complaints attributed to a delivery of the window',
    denominator: 'messages delivered in the window',
    query: 'analytics/rates',
    definition:
      'Spam complaints that belong to a delivery, divided by messages delivered, with a 95 % Wilson interval.',
    attributionWindow: byDelivery,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'unsolicited_share',
    title: 'Unsolicited share',
    unit: 'share',
    additive: false,
    numerator: 'opt-outs, complaints and erasures that came unsolicited',
    denominator: 'opt-outs, complaints and erasures of the window',
    query: 'analytics/decision_measures',
    definition:
      'The part that no link of the sender invited: complaints, suppressions learned from a provider, free text, agents and regulators, privacy signals, objections, erasures, and any opt-out more than 72 hours after the last delivery on its channel.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'permissions_kept',
    title: 'Permissions kept by scoping',
    unit: 'count',
    additive: true,
    numerator: 'streams a channel-wide opt-out would have closed, minus streams closed',
    denominator: null,
    query: 'analytics/decision_measures',
    definition: 'Summed over the opt-outs, complaints and erasures of the window.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'reach',
    title: 'Reach',
    unit: 'count',
    additive: false,
    numerator: 'pairs of a subscriber and a stream that may be sent to',
    denominator: null,
    query: 'analytics/reach_by',
    definition:
      'Open subscriptions at the end of the window, or now where it lies in the future: a stream was delivered or opted in to, and no opt-out, complaint, hard bounce, erasure or expired consent has ended it since. Before it: those at its beginning. May be added up over streams, channels, categories and origins, not over segments (of now: a person is in several) or time. Beside it the different people and streams; a trend tells the subscriptions at the end of each bucket.',
    attributionWindow:
      'By when it happened, of what is known now: a subscription that was begun or ended late, or taken back, changes the past.',
    timeZone: 'as_asked',
    dimensions: ['segment', ...ofStreams],
  },
  {
    id: 'list_growth',
    title: 'List growth',
    unit: 'count',
    additive: true,
    numerator: 'subscriptions that began in the window, minus those that ended in it',
    denominator: null,
    query: 'analytics/list_growth',
    definition:
      'Net growth of reach. A subscription of one person to one stream begins with the first delivery or an opt-in, where no opt-out stands, and ends with an opt-out, complaint, hard bounce, erasure or expired consent. Beside it what began and what ended.',
    attributionWindow:
      'Counted when it happened, in whatever order it arrives. What arrives late, or is taken back, changes its own bucket.',
    timeZone: 'as_asked',
    dimensions: ofStreams,
  },
  {
    id: 'time_to_honour',
    title: 'Time to honour (p99)',
    unit: 'milliseconds',
    additive: false,
    numerator: '99th percentile of decision time minus receipt, interpolated (R type 7)',
    denominator: null,
    query: 'analytics/honour',
    definition:
      'From the receipt of an opt-out, complaint or erasure to the decision that every later send check obeys. Beside it the time until the last of the targets that had to be told has acknowledged it (p50, p99), of those that are acknowledged everywhere; how many had to be told, wait or are dead letters. By target: time-to-honour.',
    attributionWindow: byReceipt,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'repeat_opt_outs',
    title: 'Repeat opt-outs',
    unit: 'share',
    additive: false,
    numerator: 'of them, those whose person had stopped something in the 30 days before',
    denominator: 'opt-outs and complaints of the window that stopped something',
    query: 'analytics/decision_measures',
    definition: 'People who had to say it again: the first scope was too narrow for them.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'pauses',
    title: 'Pauses taken',
    unit: 'count',
    additive: true,
    numerator: 'pauses that people chose',
    denominator: null,
    query: 'analytics/decision_measures',
    definition: 'Pauses of a stream or channel, on the page or by other systems.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'caps',
    title: 'Caps taken',
    unit: 'count',
    additive: true,
    numerator: 'frequency caps that people chose',
    denominator: null,
    query: 'analytics/decision_measures',
    definition: 'Caps of a stream or channel, on the page or by other systems.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'unattributed_opt_outs',
    title: 'Unattributed opt-outs',
    unit: 'count',
    additive: true,
    numerator: 'opt-outs and complaints that belong to no delivery',
    denominator: null,
    query: 'analytics/decision_measures',
    definition:
      'No message named, none delivered on the stream in the 7 days before, or a repeat of an opt-out that its delivery bears already. Shown beside the rate, never in it.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'suspected_machine_opt_outs',
    title: 'Opt-outs a machine may have pressed',
    unit: 'count',
    additive: true,
    numerator: 'opt-outs by link with signs of a link scanner',
    denominator: null,
    query: 'analytics/decision_measures',
    definition:
      'Signs are the user agent, a look at the link just before, several links of one person at once, and a press within seconds of the delivery. They are counted in the rates like all others and none is dropped.',
    attributionWindow: byRequest,
    timeZone: 'as_asked',
    dimensions,
  },
  {
    id: 'delivered',
    title: 'Delivered',
    unit: 'count',
    additive: true,
    numerator: 'messages delivered',
    denominator: null,
    query: 'analytics/rates',
    definition: 'Deliveries that senders and providers reported, each event id once.',
    attributionWindow: 'Counted at the delivery, to the quarter of an hour.',
    timeZone: 'as_asked',
    dimensions: ofDeliveries,
  },
  {
    id: 'send_pressure',
    title: 'Send pressure',
    unit: 'messages_per_subscriber_and_week',
    additive: false,
    numerator: 'messages delivered in the window',
    denominator: 'subscribers who received any of them, times weeks',
    query: 'analytics/send_pressure',
    definition:
      'What a subscriber who was sent anything receives in a week, on average. A window that is shorter than a week is told as if it went on like that.',
    attributionWindow: 'Counted at the delivery.',
    timeZone: 'as_asked',
    dimensions: ofDeliveries,
  },
] as const satisfies readonly Metric[];

export type MetricId = (typeof metrics)[number]['id'];
export const metricIds = metrics.map(({ id }) => id) as [MetricId, ...MetricId[]];

export const metricOf = (id: MetricId): Metric & (typeof metrics)[number] => {
  const found = metrics.find((one) => one.id === id);
  if (found === undefined) throw new Error(`No metric ${id}`);
  return found;
};
