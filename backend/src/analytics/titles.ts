import type { Dimension } from '../contract/analytics.js';
import type { Channel } from '../contract/vocabulary.js';

const channelTitles: Record<Channel, string> = {
  email: 'Email',
  sms: 'SMS',
  push: 'Push',
  in_app: 'In-app',
  whatsapp: 'WhatsApp',
  voice: 'Voice',
  post: 'Post',
  web: 'Web',
};

/** What a title needs to know of a stream. */
interface TitledStream {
  readonly title: string;
  readonly channel: Channel;
}

const unnamed: Record<Dimension, string> = {
  segment: 'Everybody',
  stream: 'No stream',
  campaign: 'No campaign',
  channel: 'No channel',
  category: 'No category',
  origin: 'No origin',
  message_type: 'No message type',
  audience: 'No audience',
  trigger: 'No trigger',
  reason: 'No reason given',
};

/**
 * How a value of a dimension is named to people. Names that senders chose stay as they wrote them.
 *
 * @example titleOf('segment', 'country:DE', () => undefined) // 'Country: DE'
 */
export function titleOf(
  dimension: Dimension,
  key: string,
  streamOf: (key: string) => TitledStream | undefined,
): string {
  if (key === '') return unnamed[dimension];
  if (dimension === 'segment') return segmentTitle(key);
  if (dimension === 'channel') return channelTitle(key);
  if (dimension === 'stream') {
    const stream = streamOf(key);
    return stream === undefined ? key : `${stream.title} · ${channelTitle(stream.channel)}`;
  }
  return key;
}

/** `engagement:active` → `Engagement: active`; a segment without a family keeps its key. */
function segmentTitle(key: string): string {
  const end = key.indexOf(':');
  if (end <= 0) return key;
  return `${key.charAt(0).toUpperCase()}${key.slice(1, end)}: ${key.slice(end + 1)}`;
}

const channelTitle = (channel: string): string =>
  Object.hasOwn(channelTitles, channel) ? channelTitles[channel as Channel] : channel;
