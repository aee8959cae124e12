import { randomUUID } from 'node:crypto';
import type { Engine, Queries } from '@secateur/sql';
import type { SubscriberProfile } from '../contract/subscribers.js';
import type { Insert } from '../journal/group.js';
import { attributesText } from './attributes-text.js';
import { type IdentifierKind, identifierId, noId } from './identifiers.js';
import type { KeyFile } from './key-file.js';
import { phoneCountry } from './phone-country.js';
import { mergedAttributes, mergedProfile, type SealedProfile, type Subject } from './subject.js';

type SubjectRow = Queries['subscribers/subjects_by_person']['row'];

const subjectColumns = [
  'person',
  'version',
  'external_id',
  'email_id',
  'phone_id',
  'push_id',
  'sealed',
  'key_slot',
  'jurisdiction',
  'phone_country',
  'attributes',
  'first_seen_at',
  'changed_at',
] as const;
const identifierColumns = ['identifier', 'person', 'kind', 'linked', 'version'] as const;

/** People kept in memory; about 600 bytes each. */
const cachedPeople = 100_000;

/** A change to a person that no confirmed group holds yet. */
interface Unconfirmed {
  subject: Subject;
  /** Identifier links given up by the change. */
  unlinked: { id: string; kind: IdentifierKind }[];
}

/**
 * Who is behind an id. New people get their internal id here, at once and only once, although two lanes may meet them
 * at the same time: whichever group mentions a person that no confirmed group holds yet carries its rows too, so
 * neither depends on the other.
 */
export class SubscriberDirectory {
  readonly #byExternal = new Map<string, Subject>();
  readonly #byPerson = new Map<string, Subject>();
  readonly #unconfirmed = new Map<string, Unconfirmed>();

  constructor(
    private readonly engine: Engine<Queries>,
    private readonly keys: KeyFile,
    private readonly pepper: Buffer,
  ) {}

  idOf(kind: IdentifierKind, value: string): string {
    return identifierId(this.pepper, kind, value);
  }

  /** The person with that external id, if it is in memory. Answers while the engine is away. */
  remembered(externalId: string): Subject | undefined {
    return this.#byExternal.get(externalId);
  }

  /** People by the ids of their external ids. Unknown ones are absent. @throws EngineAwayError */
  async byExternalId(ids: Iterable<string>): Promise<Map<string, Subject>> {
    const found = new Map<string, Subject>();
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      const subject = this.#byExternal.get(id);
      if (subject === undefined) missing.push(id);
      else found.set(id, subject);
    }
    if (missing.length > 0) {
      const rows = await this.engine.query('subscribers/subjects_by_identifier', { ids: missing.join('\n') });
      for (const row of rows) {
        if (row.external_id === row.identifier) found.set(row.identifier, this.#remember(subjectOf(row)));
      }
      // Another lane may have made the person while we asked.
      for (const id of missing) {
        const made = this.#byExternal.get(id);
        if (made !== undefined) found.set(id, made);
      }
    }
    return found;
  }

  /** People by internal id. Unknown ones are absent. @throws EngineAwayError */
  async byPerson(people: Iterable<string>): Promise<Map<string, Subject>> {
    const found = new Map<string, Subject>();
    const missing: string[] = [];
    for (const person of new Set(people)) {
      const subject = this.#byPerson.get(person);
      if (subject === undefined) missing.push(person);
      else found.set(person, subject);
    }
    if (missing.length > 0) {
      const rows = await this.engine.query('subscribers/subjects_by_person', { ids: missing.join('\n') });
      for (const row of rows) found.set(row.person, this.#remember(subjectOf(row)));
    }
    return found;
  }

  /**
   * The same without keeping anybody in memory: for passes over everybody, who would push out those that are asked about
   * again, and of whom something has to be known while the engine is away.
   * @throws EngineAwayError
   */
  async readPeople(people: Iterable<string>): Promise<Map<string, Subject>> {
    const wanted = new Set(people);
    const found = new Map<string, Subject>();
    const keepNewer = (subject: Subject | undefined) => {
      if (subject !== undefined && subject.version >= (found.get(subject.person)?.version ?? 0))
        found.set(subject.person, subject);
    };
    for (const person of wanted) keepNewer(this.#byPerson.get(person));
    const missing = [...wanted].filter((person) => !found.has(person));
    if (missing.length === 0) return found;
    const rows = await this.engine.query('subscribers/subjects_by_person', { ids: missing.join('\n') });
    for (const row of rows) keepNewer(subjectOf(row));
    // A change that was made while we asked is newer.
    for (const person of wanted) keepNewer(this.#byPerson.get(person));
    return found;
  }

  /** The people who have each identifier (e-mail, phone), oldest first. @throws EngineAwayError */
  async byIdentifier(ids: Iterable<string>): Promise<Map<string, Subject[]>> {
    const wanted = new Set(ids);
    const found = new Map<string, Subject[]>();
    if (wanted.size === 0) return found;
    const add = (id: string, subject: Subject) => {
      const list = found.get(id) ?? [];
      if (!list.some((one) => one.person === subject.person)) list.push(subject);
      found.set(id, list);
    };
    const rows = await this.engine.query('subscribers/subjects_by_identifier', {
      ids: [...wanted].join('\n'),
    });
    for (const row of rows)
      add(row.identifier, this.#byPerson.get(row.person) ?? this.#remember(subjectOf(row)));
    for (const { subject } of this.#unconfirmed.values()) {
      for (const id of [subject.emailId, subject.phoneId, subject.pushId])
        if (wanted.has(id)) add(id, subject);
    }
    return found;
  }

  /**
   * The people with these external ids, made where they are new, first seen at the earliest instant given.
   * @returns by the id of the external id
   */
  async ensure(seen: Iterable<{ subscriber: string; at: number }>): Promise<Map<string, Subject>> {
    const clear = new Map<string, { subscriber: string; at: number }>();
    for (const { subscriber, at } of seen) {
      const id = this.idOf('external', subscriber);
      clear.set(id, { subscriber, at: Math.min(at, clear.get(id)?.at ?? at) });
    }
    const found = await this.byExternalId(clear.keys());
    const missing = [...clear].filter(([id]) => !found.has(id));
    if (missing.length === 0) return found;
    const slots = await this.keys.allocate(missing.length);
    for (const [index, [id, { subscriber, at }]] of missing.entries()) {
      const slot = slots[index];
      if (slot === undefined) throw new Error('key file gave too few slots');
      // Nothing is awaited between this look and the remembering below: two lanes cannot both make the person.
      const subject = this.#byExternal.get(id) ?? this.#newSubject(id, subscriber, slot, at);
      found.set(id, subject);
    }
    return found;
  }

  /**
   * Takes over the people of a journaled group that the engine may not have yet. To be called before any lane decides
   * anything: a lane that comes first would make the same people once more, and what the group says about them would
   * stand under ids that nobody asks for.
   * @throws EngineAwayError
   */
  async recall(inserts: readonly Insert[]): Promise<void> {
    const journaled = inserts.filter(({ table }) => table === 'subjects').flatMap(subjectsOfInsert);
    const stored = await this.byExternalId(journaled.map((subject) => subject.externalId));
    for (const subject of journaled) {
      const known = stored.get(subject.externalId);
      if (known !== undefined && (known.person !== subject.person || known.version >= subject.version))
        continue;
      this.#unconfirmed.set(subject.person, { subject, unlinked: [] });
      this.#remember(subject);
    }
  }

  /** A person's profile after a change, to be written by the next group that mentions the person. */
  change(subject: Subject, profile: SubscriberProfile, at: number): Subject {
    const before = this.profile(subject);
    if (before === null) return subject;
    const after = mergedProfile(before, profile);
    const idOrNone = (kind: IdentifierKind, value: string | null) =>
      value === null || value === '' ? noId : this.idOf(kind, value);
    const changed: Subject = {
      ...subject,
      version: Math.max(at, subject.version + 1),
      emailId: idOrNone('email', after.email),
      phoneId: idOrNone('phone', after.phone),
      pushId: idOrNone('push', after.push),
      sealed: this.keys.seal(subject.keySlot, JSON.stringify(after)),
      jurisdiction: profile.jurisdiction === undefined ? subject.jurisdiction : (profile.jurisdiction ?? ''),
      phoneCountry: after.phone === null ? '' : (phoneCountry(after.phone) ?? ''),
      attributes: mergedAttributes(subject.attributes, profile.attributes),
    };
    const unlinked = this.#unconfirmed.get(subject.person)?.unlinked ?? [];
    for (const [kind, old, now] of [
      ['email', subject.emailId, changed.emailId],
      ['phone', subject.phoneId, changed.phoneId],
      ['push', subject.pushId, changed.pushId],
    ] as const) {
      if (old !== noId && old !== now) unlinked.push({ id: old, kind });
    }
    this.#unconfirmed.set(subject.person, { subject: changed, unlinked });
    return this.#remember(changed);
  }

  /** External id and addresses in clear; null once the person's key was destroyed. */
  profile(subject: Subject): SealedProfile | null {
    const text = this.keys.open(subject.keySlot, subject.sealed);
    return text === null ? null : (JSON.parse(text) as SealedProfile);
  }

  /** Rows of those people that no confirmed group holds yet; to be put first into the group that mentions them. */
  inserts(people: Iterable<string>): Insert[] {
    const subjects: string[] = [];
    const identifiers: string[] = [];
    for (const person of new Set(people)) {
      const waiting = this.#unconfirmed.get(person);
      if (waiting === undefined) continue;
      const { subject } = waiting;
      subjects.push(JSON.stringify(subjectValues(subject)));
      const link = (id: string, kind: IdentifierKind, linked: boolean) => {
        if (id !== noId) identifiers.push(JSON.stringify([id, person, kind, linked, subject.version]));
      };
      for (const { id, kind } of waiting.unlinked) link(id, kind, false);
      link(subject.externalId, 'external', true);
      link(subject.emailId, 'email', true);
      link(subject.phoneId, 'phone', true);
      link(subject.pushId, 'push', true);
    }
    if (subjects.length === 0) return [];
    return [
      { table: 'subjects', columns: subjectColumns, lines: subjects.join('\n') },
      { table: 'identifiers', columns: identifierColumns, lines: identifiers.join('\n') },
    ];
  }

  /** A group that held these versions is in the engine. */
  confirm(subjects: Iterable<Subject>): void {
    for (const subject of subjects) {
      const waiting = this.#unconfirmed.get(subject.person);
      if (waiting !== undefined && waiting.subject.version <= subject.version)
        this.#unconfirmed.delete(subject.person);
    }
  }

  #newSubject(externalId: string, subscriber: string, keySlot: number, at: number): Subject {
    const sealed: SealedProfile = { id: subscriber, email: null, phone: null, push: null };
    const subject: Subject = {
      person: randomUUID(),
      version: at,
      externalId,
      emailId: noId,
      phoneId: noId,
      pushId: noId,
      sealed: this.keys.seal(keySlot, JSON.stringify(sealed)),
      keySlot,
      jurisdiction: '',
      phoneCountry: '',
      attributes: {},
      firstSeenAt: at,
    };
    this.#unconfirmed.set(subject.person, { subject, unlinked: [] });
    return this.#remember(subject);
  }

  /** Keeps the newest version in memory, and forgets the people longest unseen. */
  #remember(subject: Subject): Subject {
    const known = this.#byPerson.get(subject.person);
    const newest = known !== undefined && known.version > subject.version ? known : subject;
    this.#byPerson.delete(newest.person);
    this.#byPerson.set(newest.person, newest);
    this.#byExternal.set(newest.externalId, newest);
    if (this.#byPerson.size > cachedPeople) {
      for (const [person, oldest] of this.#byPerson) {
        if (this.#unconfirmed.has(person)) continue;
        this.#byPerson.delete(person);
        this.#byExternal.delete(oldest.externalId);
        break;
      }
    }
    return newest;
  }
}

/** The other way round: subjects from the rows that `inserts` made, also with the columns of an older version. */
function subjectsOfInsert({ columns, lines }: Insert): Subject[] {
  return lines.split('\n').map((line) => {
    const values = JSON.parse(line) as unknown[];
    return subjectOf(
      Object.fromEntries(columns.map((column, index) => [column, values[index]])) as SubjectRow,
    );
  });
}

function subjectOf(row: SubjectRow): Subject {
  return {
    person: row.person,
    version: row.version,
    externalId: row.external_id,
    emailId: row.email_id,
    phoneId: row.phone_id,
    pushId: row.push_id,
    sealed: row.sealed,
    keySlot: row.key_slot,
    jurisdiction: row.jurisdiction,
    phoneCountry: row.phone_country,
    attributes: JSON.parse(row.attributes) as Subject['attributes'],
    firstSeenAt: Date.parse(row.first_seen_at),
  };
}

function subjectValues(subject: Subject): unknown[] {
  return [
    subject.person,
    subject.version,
    subject.externalId,
    subject.emailId,
    subject.phoneId,
    subject.pushId,
    subject.sealed,
    subject.keySlot,
    subject.jurisdiction,
    subject.phoneCountry,
    attributesText(subject.attributes),
    new Date(subject.firstSeenAt).toISOString(),
    new Date(subject.version).toISOString(),
  ];
}
