import type { Queries } from '@secateur/sql';
import type { Channel } from '../contract/vocabulary.js';
import type { Delivery } from './request.js';

export function deliveryOf(row: Queries['opt-outs/recent_deliveries']['row']): Delivery {
  return {
    id: row.id,
    messageId: row.message_id,
    stream: row.stream,
    channel: row.channel as Channel,
    campaign: row.campaign,
    messageType: row.message_type,
    audience: row.audience,
    deliveredAt: Date.parse(row.occurred_at),
    segments: row.segments,
  };
}
