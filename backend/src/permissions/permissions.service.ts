import { Inject, Injectable } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { CONFIG, type Config } from '../config.js';
import type { MessageRef, PermissionAnswer } from '../contract/permissions.js';
import { type Database, ENGINE } from '../database.module.js';
import { jurisdictionsOf } from '../opt-outs/jurisdiction.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import { Catalogue } from '../streams/catalogue.js';
import type { Ancestor } from '../streams/lineage.js';
import type { CataloguedStream } from '../streams/stream.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { identifierFor, type Subject } from '../subscribers/subject.js';
import { type Permission, type PermissionQuestion, permission } from './permission.js';
import { SendPauses } from './send-pauses.service.js';
import type { Statement } from './statement.js';
import { statementOf } from './statement-row.js';

/** Subjects whose statements one query fetches. */
const chunk = 20_000;

/** One person's standing on one stream. */
export interface StreamStanding {
  stream: CataloguedStream;
  /** `pending`: a request of the person waits in the journal, and until it is decided nothing is allowed. */
  permission: Omit<Permission, 'reason'> & { reason: Permission['reason'] | 'pending' };
}

/** Answers "may I?" from the ledger itself: never from a copy, so never stale after an acknowledged opt-out. */
@Injectable()
export class PermissionsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) private readonly config: Config,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
    private readonly optOuts: OptOutsService,
    private readonly pauses: SendPauses,
  ) {}

  /**
   * May this message go to these subscribers now?
   * While the engine is away every answer is a denial that says so: `pending` where an opt-out waits in the journal.
   *
   * @param subscribers the sender's own ids, in any number up to 100,000
   * @returns in the order of `subscribers`
   */
  async check(message: MessageRef, subscribers: readonly string[], now: number): Promise<PermissionAnswer[]> {
    const { stream, parents } = this.#streamOf(message, now);
    const isPaused = this.pauses.holds(stream.key, message.campaign, now);
    const ids = subscribers.map((subscriber) => this.directory.idOf('external', subscriber));
    let people: Map<string, Subject>;
    let statements: Map<string, Statement[]>;
    const pending = new Set<string>();
    try {
      people = await this.directory.byExternalId(ids);
      const byMessage = await this.optOuts.pendingByMessage();
      // Asked before the ledger is read: a request that lands in between is in the ledger by then.
      for (const id of ids) {
        const subject = people.get(id);
        const isNamed = subject !== undefined && byMessage.has(subject.person);
        if (isNamed || this.optOuts.isPending(id, subject)) pending.add(id);
      }
      const subjects = [...people.values()].flatMap((subject) => {
        const identifier = identifierFor(stream.channel, subject, noId);
        return identifier === null ? [subject.person] : [subject.person, identifier];
      });
      statements = await this.#statementsOf(subjects);
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
      return subscribers.map((subscriber, index) => {
        const id = ids[index] ?? '';
        const waits = this.optOuts.isPending(id, this.directory.remembered(id));
        const reason = waits ? 'pending' : 'engine_away';
        return { subscriber, allowed: false, reason };
      });
    }
    return subscribers.map((subscriber, index): PermissionAnswer => {
      const id = ids[index] ?? '';
      if (pending.has(id)) return { subscriber, allowed: false, reason: 'pending' };
      const subject = people.get(id);
      const identifier = subject === undefined ? null : identifierFor(stream.channel, subject, noId);
      const found = permission(
        [
          ...(subject === undefined ? [] : (statements.get(subject.person) ?? [])),
          ...(identifier === null ? [] : (statements.get(identifier) ?? [])),
        ],
        {
          person: subject?.person ?? null,
          identifier,
          stream,
          parents,
          audience: message.audience ?? null,
          campaign: message.campaign ?? null,
          jurisdictions: this.#jurisdictions(subject, stream),
        },
        now,
      );
      // What the person said comes first: a pause hides nobody's no.
      const isHeld = isPaused && found.allowed;
      return {
        subscriber,
        allowed: found.allowed && !isPaused,
        reason: isHeld ? 'paused_by_operator' : found.reason,
        ...(found.statementId === undefined ? {} : { statement_id: found.statementId }),
        ...(found.cap === undefined ? {} : { cap: found.cap }),
      };
    });
  }

  /**
   * A person's standing on every stream of the catalogue, and the statements behind it.
   * @param pending `deny`: while a request of the person waits, nothing is allowed. `ignore`: what is decided so far, for
   *   who is told of each decision when it is made
   * @throws EngineAwayError
   */
  async standings(
    subject: Subject,
    now: number,
    pending: 'deny' | 'ignore' = 'deny',
  ): Promise<{ streams: StreamStanding[]; statements: Statement[] }> {
    // Before the ledger is read, as in `check`.
    const isPending = pending === 'deny' && (await this.#isPending(subject));
    const subjects = [subject.person, subject.emailId, subject.phoneId, subject.pushId].filter(
      (id) => id !== noId,
    );
    const found = await this.#statementsOf(subjects);
    const statements = subjects.flatMap((id) => found.get(id) ?? []);
    const streams = this.streams.all().map((stream) => ({
      stream,
      permission: isPending
        ? { allowed: false, reason: 'pending' as const }
        : permission(statements, this.#questionAbout(subject, stream), now),
    }));
    return { streams, statements };
  }

  /** Keys of the streams that an opt-out, pause or hold of these closes or once closed, whatever ended it since. */
  everClosed(subject: Subject, statements: readonly Statement[]): Set<string> {
    const denials = statements.filter(({ effect }) => effect !== 'opt_in' && effect !== 'void');
    // At the beginning of time nothing has expired.
    const closed = this.streams.all().filter((stream) => {
      const { reason } = permission(denials, this.#questionAbout(subject, stream), -Infinity);
      return reason !== 'regime_opt_in' && reason !== 'regime_opt_out';
    });
    return new Set(closed.map(({ key }) => key));
  }

  #questionAbout(subject: Subject, stream: CataloguedStream): PermissionQuestion {
    return {
      person: subject.person,
      identifier: identifierFor(stream.channel, subject, noId),
      stream,
      parents: this.streams.catalogue.parents(stream),
      jurisdictions: this.#jurisdictions(subject, stream),
    };
  }

  async #isPending(subject: Subject): Promise<boolean> {
    const byMessage = await this.optOuts.pendingByMessage();
    return byMessage.has(subject.person) || this.optOuts.isPending(subject.externalId, subject);
  }

  /** A stream that nobody registered is judged as it would be registered: commercial. Asking registers nothing. */
  #streamOf(message: MessageRef, now: number): { stream: CataloguedStream; parents: readonly Ancestor[] } {
    const { catalogue } = this.streams;
    const known = catalogue.find(message.channel, message.category, message.origin);
    if (known !== undefined) return { stream: known, parents: catalogue.parents(known) };
    const version = catalogue.firstSeen(message.channel, message.category, message.origin, now);
    const stream = new Catalogue([version]).get(version.key);
    if (stream === undefined) throw new Error('a stream that was just made is not there');
    return { stream, parents: [] };
  }

  #jurisdictions(subject: Subject | undefined, stream: CataloguedStream): readonly string[] {
    return jurisdictionsOf({
      subscriber: subject === undefined || subject.jurisdiction === '' ? null : subject.jurisdiction,
      phone: subject === undefined || subject.phoneCountry === '' ? null : subject.phoneCountry,
      stream,
      streams: this.streams.all(),
      markets: this.config.markets,
    }).jurisdictions;
  }

  async #statementsOf(subjects: readonly string[]): Promise<Map<string, Statement[]>> {
    const found = new Map<string, Statement[]>();
    for (let start = 0; start < subjects.length; start += chunk) {
      const ids = subjects.slice(start, start + chunk).join('\n');
      for (const row of await this.engine.query('opt-outs/statements_by_subject', { ids })) {
        const statement = statementOf(row);
        const list = found.get(statement.subject);
        if (list === undefined) found.set(statement.subject, [statement]);
        else list.push(statement);
      }
    }
    return found;
  }
}
