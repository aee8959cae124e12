import { randomUUID } from 'node:crypto';
import type { SubscriberProfile } from '../contract/subscribers.js';
import type { Group } from '../journal/group.js';
import type { SubscriberDirectory } from './directory.js';
import type { Subject } from './subject.js';

/** One profile as it was accepted. */
export interface ProfileChange {
  profile: SubscriberProfile;
  /** Milliseconds since the epoch. */
  receivedAt: number;
}

/** Turns a group of profiles into rows; several changes of one person in the group count in their order. */
export async function prepareProfiles(
  changes: readonly ProfileChange[],
  directory: SubscriberDirectory,
): Promise<{ group: Group; results: Subject[] }> {
  const found = await directory.ensure(
    changes.map(({ profile, receivedAt }) => ({ subscriber: profile.id, at: receivedAt })),
  );
  const results = changes.map(({ profile, receivedAt }) => {
    const id = directory.idOf('external', profile.id);
    const subject = found.get(id);
    if (subject === undefined) throw new Error('a subscriber that was just made is not there');
    const changed = directory.change(subject, profile, receivedAt);
    found.set(id, changed);
    return changed;
  });
  const inserts = directory.inserts(results.map((subject) => subject.person));
  return { group: { id: randomUUID(), lane: 'profiles', inserts }, results };
}
