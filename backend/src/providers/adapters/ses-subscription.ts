import { z } from 'zod';
import { asideText } from '../adapter.js';

const Status = z.object({ topicName: z.string(), subscriptionStatus: z.string() });

export const TopicPreferences = z.object({
  unsubscribeAll: z.boolean().nullish(),
  topicSubscriptionStatus: z.array(Status).nullish(),
});
export type TopicPreferences = z.infer<typeof TopicPreferences>;

export const Subscription = z.object({
  contactList: asideText,
  timestamp: asideText,
  source: asideText,
  newTopicPreferences: TopicPreferences,
  oldTopicPreferences: TopicPreferences.nullish(),
});
export type Subscription = z.infer<typeof Subscription>;

export interface PreferenceChange {
  wish: 'stop' | 'resume';
  /** `*`: the whole list. */
  topic: string;
}

/**
 * What the recipient changed. SES tells how all topics stand afterwards, so only the difference was asked for; but a
 * request that changed nothing is still a request to stop what is stopped.
 */
export function preferenceChanges({
  newTopicPreferences: now,
  oldTopicPreferences: before,
}: Pick<Subscription, 'newTopicPreferences' | 'oldTopicPreferences'>): PreferenceChange[] {
  if (now.unsubscribeAll === true) return [{ wish: 'stop', topic: '*' }];
  const wasOut = before?.unsubscribeAll === true;
  const old = new Map(before?.topicSubscriptionStatus?.map((one) => [one.topicName, one.subscriptionStatus]));
  const stops: PreferenceChange[] = [];
  const changes: PreferenceChange[] = [];
  for (const { topicName: topic, subscriptionStatus: status } of now.topicSubscriptionStatus ?? []) {
    const isChanged = wasOut || old.get(topic) !== status;
    if (status === 'OptOut') {
      stops.push({ wish: 'stop', topic });
      if (isChanged) changes.push({ wish: 'stop', topic });
    } else if (status === 'OptIn' && isChanged && before) {
      // Without the state before, nobody knows what was joined: topics are only left.
      changes.push({ wish: 'resume', topic });
    }
  }
  if (changes.length > 0) return changes;
  return wasOut ? [{ wish: 'resume', topic: '*' }] : stops;
}
