import type { Engine, Queries } from '@secateur/sql';
import type { Rejection } from '../contract/events.js';
import type { Group, Insert } from '../journal/group.js';
import { builtInSegments, type Engagement as Engaged, noEngagement } from '../segments/built-in.js';
import type { SegmentSet } from '../segments/segment-set.js';
import type { StreamsService } from '../streams/streams.service.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import type { Subject } from '../subscribers/subject.js';
import type { Engagement } from './normalise.js';
import { type QuarantineEntry, quarantineDeadline, quarantineInsert } from './quarantine-row.js';

const columns = [
  'id',
  'type',
  'person',
  'occurred_at',
  'received_at',
  'stream',
  'channel',
  'category',
  'origin',
  'audience',
  'campaign',
  'message_type',
  'message_id',
  'segments',
  'trigger',
  'flags',
  'metadata',
  'content_hash',
] as const;

/** In quarantine: a delivery or engagement as it was understood, not as it came. */
export const deliveriesDoor = 'deliveries';

export type EngagementOutcome =
  | {
      state: 'stored';
      subject: Subject;
      streamKey: string;
      /** Of a delivery: when, in ms since the epoch. */
      deliveredAt: number | null;
      messageId: string;
    }
  | { state: 'duplicate' }
  | { state: 'rejected'; code: Rejection['code']; field: string; detail: string; quarantineId: string };

export interface EngagementDependencies {
  engine: Engine<Queries>;
  directory: SubscriberDirectory;
  streams: StreamsService;
  /** The active segments. */
  segments(): SegmentSet;
  seal(text: string): string;
  newId(): string;
}

/** Turns a group of deliveries and engagements into rows: what is new, whose it is, the segments of that moment. */
export async function prepareEngagement(
  events: readonly Engagement[],
  now: number,
  { engine, directory, streams, segments, seal, newId }: EngagementDependencies,
): Promise<{ group: Group; results: EngagementOutcome[] }> {
  const [known, subjects] = await Promise.all([
    engine.query('events/known_ids', { ids: [...new Set(events.map((event) => event.id))].join('\n') }),
    subjectsOf(events, engine, directory),
  ]);
  const people = new Set(subjects.flatMap((subject) => (subject === null ? [] : [subject.person])));
  const engagement = new Map(
    people.size === 0
      ? []
      : (await engine.query('events/engagement_by_person', { ids: [...people].join('\n') })).map((row) => [
          row.person,
          {
            lastDeliveredAt: Date.parse(row.last_delivered_at),
            lastOpenedAt: Date.parse(row.last_opened_at),
            lastClickedAt: Date.parse(row.last_clicked_at),
          },
        ]),
  );

  const [asOf, memberships] = await Promise.all([
    engagedAsOf(events, subjects, engagement, engine),
    people.size === 0 || segments().isEmpty ? [] : membershipsAsOf(events, subjects, engine),
  ]);

  const taken = new Map(known.map((row) => [row.id, row.content_hash]));
  const rows: string[] = [];
  const quarantined: QuarantineEntry[] = [];
  const reject = (
    event: Engagement,
    code: Rejection['code'],
    field: string,
    detail: string,
  ): EngagementOutcome => {
    const id = newId();
    const sealed = seal(JSON.stringify(event));
    const { receivedAt } = event;
    quarantined.push({
      id,
      receivedAt,
      deadlineAt: receivedAt + quarantineDeadline,
      door: deliveriesDoor,
      code,
      detail,
      field,
      sealed,
      state: 'open',
    });
    return { state: 'rejected', code, field, detail, quarantineId: id };
  };
  const results = events.map((event, index): EngagementOutcome => {
    const earlier = taken.get(event.id);
    if (earlier !== undefined) {
      if (earlier === event.contentHash) return { state: 'duplicate' };
      return reject(event, 'id_reused', 'id', 'id: was used before for another event');
    }
    const subject = subjects[index];
    if (subject === undefined || subject === null) {
      return reject(
        event,
        'unidentified',
        'subscriber',
        'subscriber: nobody is known by what the event names',
      );
    }
    taken.set(event.id, event.contentHash);
    const stream = streams.seen(event.channel, event.category, event.origin, event.receivedAt);
    const seen = asOf.get(index) ?? engagement.get(subject.person) ?? noEngagement;
    rows.push(
      JSON.stringify([
        event.id,
        event.type,
        subject.person,
        new Date(event.occurredAt).toISOString(),
        new Date(event.receivedAt).toISOString(),
        stream.key,
        event.channel,
        event.category,
        event.origin,
        event.audience,
        event.campaign,
        event.messageType,
        event.messageId,
        [...builtInSegments(subject, seen, event.occurredAt), ...(memberships[index] ?? [])],
        event.trigger,
        event.flags,
        event.metadata,
        event.contentHash,
      ]),
    );
    const deliveredAt = event.type === 'delivered' ? event.occurredAt : null;
    const { messageId } = event;
    return { state: 'stored', subject, streamKey: stream.key, deliveredAt, messageId };
  });

  const stored = results.filter((result) => result.state === 'stored');
  const inserts: Insert[] = [
    ...directory.inserts(stored.map((result) => result.subject.person)),
    ...streams.inserts(stored.map((result) => result.streamKey)),
  ];
  if (rows.length > 0) inserts.push({ table: 'events', columns, lines: rows.join('\n') });
  if (quarantined.length > 0) inserts.push(quarantineInsert(quarantined, now));
  return { group: { id: newId(), lane: 'events', inserts }, results };
}

/**
 * What a late event's subscriber had done by then: the rollup knows only what they did last, which may be later.
 * @returns by the event's place in the group; absent where the rollup is right
 */
async function engagedAsOf(
  events: readonly Engagement[],
  subjects: readonly (Subject | null)[],
  latest: ReadonlyMap<string, Engaged>,
  engine: Engine<Queries>,
): Promise<Map<number, Engaged>> {
  const found = new Map<number, Engaged>();
  const questions: string[] = [];
  for (const [index, { occurredAt }] of events.entries()) {
    const person = subjects[index]?.person ?? '';
    const last = latest.get(person);
    if (last === undefined || Math.max(last.lastOpenedAt, last.lastClickedAt) <= occurredAt) continue;
    found.set(index, noEngagement);
    questions.push(`${index}\t${person}\t${occurredAt}`);
  }
  if (questions.length === 0) return found;
  for (const row of await engine.query('events/engagement_as_of', { asked: questions.join('\n') })) {
    found.set(row.number, { ...noEngagement, lastOpenedAt: Date.parse(row.engaged_at) });
  }
  return found;
}

/**
 * The defined segments that each event's subscriber was in when it occurred, by the event's place in the group. An event
 * dated ahead of what is known counts as of now.
 */
async function membershipsAsOf(
  events: readonly Engagement[],
  subjects: readonly (Subject | null)[],
  engine: Engine<Queries>,
): Promise<string[][]> {
  const asked = events.map(
    ({ occurredAt }, index) => `${index}\t${subjects[index]?.person ?? ''}\t${occurredAt}`,
  );
  const found: string[][] = [];
  for (const row of await engine.query('segments/memberships_as_of', { asked: asked.join('\n') }))
    found[row.number] = row.segments;
  return found;
}

async function subjectsOf(
  events: readonly Engagement[],
  engine: Engine<Queries>,
  directory: SubscriberDirectory,
): Promise<(Subject | null)[]> {
  const subscribers: { subscriber: string; at: number }[] = [];
  const people = new Set<string>();
  const identifiers = new Set<string>();
  const messages = new Set<string>();
  const named = events.map(({ who, receivedAt }) => {
    const identifier =
      who.email !== undefined
        ? directory.idOf('email', who.email)
        : who.phone !== undefined
          ? directory.idOf('phone', who.phone)
          : null;
    if (who.person !== undefined) people.add(who.person);
    else if (who.subscriber !== undefined) subscribers.push({ subscriber: who.subscriber, at: receivedAt });
    else if (identifier !== null) identifiers.add(identifier);
    else if (who.messageId !== undefined) messages.add(who.messageId);
    return { who, identifier };
  });
  const [ensured, byIdentifier, deliveries] = await Promise.all([
    directory.ensure(subscribers),
    directory.byIdentifier(identifiers),
    messages.size === 0
      ? []
      : engine.query('events/deliveries_by_message', { ids: [...messages].join('\n') }),
  ]);
  const byMessage = new Map(deliveries.map((row) => [row.message_id, row.person]));
  const byPerson = await directory.byPerson([...people, ...byMessage.values()]);
  return named.map(({ who, identifier }) => {
    if (who.person !== undefined) return byPerson.get(who.person) ?? null;
    if (who.subscriber !== undefined) return ensured.get(directory.idOf('external', who.subscriber)) ?? null;
    if (identifier !== null) return byIdentifier.get(identifier)?.[0] ?? null;
    return byPerson.get(byMessage.get(who.messageId ?? '') ?? '') ?? null;
  });
}
