import type { SubscriberProfile } from '../contract/subscribers.js';
import { noId } from './identifiers.js';

export type AttributeValue = string | number | boolean | null;

/** One person as decisions and segments need it. Ids are UUIDs; `noId` stands for none. Never changed in place. */
export interface Subject {
  person: string;
  /** Milliseconds since the epoch of the change, made unique for the person. */
  version: number;
  externalId: string;
  emailId: string;
  phoneId: string;
  pushId: string;
  /** External id and addresses under the person's own key. */
  sealed: string;
  keySlot: number;
  /** '' when not known. */
  jurisdiction: string;
  /** Country of the phone number on the profile: the next best guess of where the person is; '' when not known. */
  phoneCountry: string;
  attributes: Readonly<Record<string, AttributeValue>>;
  firstSeenAt: number;
}

/** What `sealed` holds. */
export interface SealedProfile {
  id: string;
  email: string | null;
  phone: string | null;
  push: string | null;
}

/** The profile after a change: fields that are absent stay as they are, null removes. */
export function mergedProfile(before: SealedProfile, change: SubscriberProfile): SealedProfile {
  return {
    id: before.id,
    email: change.email === undefined ? before.email : change.email,
    phone: change.phone === undefined ? before.phone : change.phone,
    push: change.push_token === undefined ? before.push : change.push_token,
  };
}

/** Attributes after a change: keys that are absent stay, a null value removes its key. What is no text is made text. */
export function mergedAttributes(
  before: Readonly<Record<string, AttributeValue>>,
  change: Readonly<Record<string, AttributeValue>> | undefined,
): Record<string, AttributeValue> {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(change ?? {})) {
    // Half a surrogate pair in an attribute would stand in a segment's name, which the engine refuses with its whole group.
    merged.set(key.toWellFormed(), typeof value === 'string' ? value.toWellFormed() : value);
  }
  return Object.fromEntries([...merged].filter(([, value]) => value !== null));
}

/** The identifier id that a channel uses to reach a person; null when it needs none or the person has none. */
export function identifierFor(channel: string, subject: Subject, none: string): string | null {
  const id =
    channel === 'email'
      ? subject.emailId
      : channel === 'sms' || channel === 'voice' || channel === 'whatsapp'
        ? subject.phoneId
        : channel === 'push'
          ? subject.pushId
          : none;
  return id === none ? null : id;
}

/** The person and the addresses on the profile: whatever a statement about them may bind. */
export function subjectIds({ person, emailId, phoneId, pushId }: Subject): string[] {
  return [person, emailId, phoneId, pushId].filter((id) => id !== noId);
}
