import { Inject, Injectable } from '@nestjs/common';
import type { Suppression, suppressingEffects } from '../contract/permissions.js';
import type { Selector } from '../contract/selectors.js';
import { type Database, ENGINE } from '../database.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import type { SealedProfile, Subject } from '../subscribers/subject.js';
import type { Statement } from './statement.js';
import { statementOf } from './statement-row.js';
import { type SuppressionSubject, Suppressions } from './suppressions.js';

/** A page holds whole subjects, and the cursor is the last one: what is written meanwhile shifts nothing. */
export interface SuppressionPage {
  rows: Suppression[];
  /** `after` of the next page; null after the last. A page may hold fewer rows than subjects, even none. */
  next: string | null;
}

/** Who must not be mailed, because a statement says so. What the regime alone denies is in no ledger, nor in here. */
@Injectable()
export class SuppressionsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
  ) {}

  /**
   * @param filter which messages are meant
   * @param after the last subject of the page before; null for the first page
   * @param limit subjects a page holds at most
   * @param clear with addresses
   * @throws EngineAwayError
   */
  async page(
    filter: Selector,
    after: string | null,
    limit: number,
    clear: boolean,
    now: number,
  ): Promise<SuppressionPage> {
    const found = await this.engine.query('permissions/suppressed_subjects', { after: after ?? noId, limit });
    const ledgers = await this.#ledgers(found.map(({ subject }) => subject));
    const suppressions = new Suppressions(filter, this.streams.catalogue);
    const rows = ledgers.flatMap(({ statements, asked }) =>
      asked.flatMap(({ who, subject }) => {
        const listed = suppressions.standing(statements, who, now);
        if (listed.length === 0) return [];
        const profile = subject === null ? null : this.directory.profile(subject);
        return listed.map((one) => rowOf(one, who, profile, clear));
      }),
    );
    return { rows, next: found.length < limit ? null : (found.at(-1)?.subject ?? null) };
  }

  /** The statements of each subject, in order, and the people whom they may concern. */
  async #ledgers(subjects: readonly string[]) {
    if (subjects.length === 0) return [];
    const ids = subjects.join('\n');
    const [rows, kinds] = await Promise.all([
      this.engine.query('opt-outs/statements_by_subject', { ids }),
      this.engine.query('permissions/identifier_kinds', { ids }),
    ]);
    const ledgers = new Map<string, Statement[]>(subjects.map((subject) => [subject, []]));
    for (const row of rows) ledgers.get(row.subject)?.push(statementOf(row));
    const kindOf = new Map(kinds.map(({ identifier, kind }) => [identifier, kind]));
    const isPerson = (subject: string) => ledgers.get(subject)?.[0]?.binds === 'person';
    const [people, holders] = await Promise.all([
      this.directory.byPerson(subjects.filter(isPerson)),
      this.directory.byIdentifier(subjects.filter((subject) => !isPerson(subject))),
    ]);
    return [...ledgers].map(([id, statements]) => ({
      statements,
      asked: isPerson(id)
        ? [{ who: personAlone(id), subject: people.get(id) ?? null }]
        : askedOf(id, kindOf.get(id) ?? null, holders.get(id) ?? []),
    }));
  }
}

function rowOf(
  one: Statement,
  who: SuppressionSubject,
  profile: SealedProfile | null,
  clear: boolean,
): Suppression {
  return {
    subject: one.subject,
    binds: one.binds,
    person: who.person,
    subscriber: profile?.id ?? null,
    selector: one.selector,
    effect: one.effect as (typeof suppressingEffects)[number],
    since: new Date(one.orderAt).toISOString(),
    strength: one.strength,
    basis: one.basis,
    statement_id: one.id,
    expires_at: one.expiresAt === null ? null : new Date(one.expiresAt).toISOString(),
    ...(clear
      ? {
          email: who.identifier === null || who.kind === 'email' ? (profile?.email ?? null) : null,
          phone: who.identifier === null || who.kind === 'phone' ? (profile?.phone ?? null) : null,
        }
      : {}),
  };
}

const personAlone = (person: string): SuppressionSubject => ({ person, identifier: null, kind: null });

/** An address binds everybody who has it now; one that nobody is known to have stays bound for whoever gets it. */
function askedOf(identifier: string, kind: string | null, holders: readonly Subject[]) {
  const having = holders.filter((one) => [one.emailId, one.phoneId, one.pushId].includes(identifier));
  if (having.length === 0) return [{ who: { person: null, identifier, kind }, subject: null }];
  return having.map((subject) => ({ who: { person: subject.person, identifier, kind }, subject }));
}
