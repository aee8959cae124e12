import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import type { Config } from '../config.js';
import type { Database } from '../database.module.js';
import { quarantineSeal } from '../events/quarantine.service.js';
import type { Lane, Settled } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { RulesService } from '../rules/rules.service.js';
import type { Secrets } from '../secrets.js';
import type { MembershipGate } from '../segments/membership-gate.js';
import type { SegmentsService } from '../segments/segments.service.js';
import type { StreamsService } from '../streams/streams.service.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import type { Subject } from '../subscribers/subject.js';
import { PromptConditionFacts } from './condition-facts.js';
import { MessageWait } from './message-wait.js';
import { type PreparedOutcome, prepareDecisions } from './prepare.js';
import { Recounts } from './recounts.js';
import type { FloorSettings, Incoming, Outcome, Who } from './request.js';
import type { Sequence } from './sequence.js';

/**
 * The one door through which permissions change. Requests wait a few milliseconds for company, are decided as a
 * group, and are answered when the group is in the journal and in the engine.
 */
export class OptOutsService {
  readonly #lane: Lane<Incoming, PreparedOutcome>;
  readonly #byMessage: MessageWait;
  readonly #listeners: (() => void)[] = [];
  readonly recounts: Recounts;
  readonly #log = new Logger('OptOuts');
  /** A group is decided only when the engine has every group before it. */
  #isReplayed = false;

  constructor(
    private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
    config: Config,
    secrets: Secrets,
    private readonly lanes: Lanes,
    segments: SegmentsService,
    private readonly gate: MembershipGate,
    sequence: Sequence,
    rules: Pick<RulesService, 'inForce' | 'needs' | 'noteFailures'>,
  ) {
    const settings: FloorSettings = {
      markets: config.markets,
      tcpaWaiverUntil: config.tcpaWaiverUntil?.getTime() ?? null,
    };
    this.recounts = new Recounts(engine, streams, lanes);
    const quarantine = quarantineSeal(secrets);
    const conditionFacts = new PromptConditionFacts(engine);
    lanes.beforeReplay((inserts) => directory.recall(inserts));
    this.#lane = lanes.make({
      name: 'decisions',
      maxGroup: 2000,
      prepare: async (requests) => {
        // Once more after the replay: what the journal held has numbers, too, and the clock may have been set back.
        if (!this.#isReplayed) await sequence.load();
        this.#isReplayed = true;
        return prepareDecisions(requests, Date.now(), {
          engine,
          directory,
          streams,
          settings: () => settings,
          rules: () => rules.inForce,
          ruleNeeds: () => rules.needs,
          rulesFailed: (decision) => rules.noteFailures(decision),
          segments: () => segments.set,
          gate,
          conditionFacts: conditionFacts.ask,
          seal: (text) => quarantine.seal(Buffer.from(text)).toString('base64'),
          nextSeq: (now) => sequence.next(now),
          newId: randomUUID,
        });
      },
      keys: ({ who }) => this.keysOf(who),
      onLateResult: (_, result) => this.#confirm([result]),
    });
    this.#byMessage = new MessageWait(lanes, (incoming) => this.#decide(incoming));
  }

  onModuleDestroy(): Promise<void> {
    return this.recounts.stop();
  }

  /**
   * Called after decisions became visible. It runs on the way to the answer, so it must do no more than note it. Decisions
   * that a restart found in the journal are not told.
   */
  onDecided(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Decides requests, each on its own, in order.
   * @returns one outcome per request, when it is durable and, unless it is pending, visible to every reader
   * @throws BusyError when too much waits already
   */
  async submit(incoming: readonly Incoming[]): Promise<Outcome[]> {
    if (incoming.length === 0) return [];
    const unknown = await this.#unknownMessages(incoming);
    const mustWait = ({ who }: Incoming) => unknown.has(who.messageId ?? '') && this.#namesOnlyMessage(who);
    const [now, later] = [incoming.filter((one) => !mustWait(one)), incoming.filter(mustWait)];
    const [decided, waiting] = await Promise.all([
      this.#decide(now),
      later.length === 0 ? [] : this.#byMessage.submit(later),
    ]);
    const outcomes = new Map<Incoming, Outcome | undefined>([
      ...now.map((one, index) => [one, decided[index]] as const),
      ...later.map((one, index) => [one, waiting[index]] as const),
    ]);
    return incoming.map((one) => outcomes.get(one) ?? { state: 'pending', decision: one.request.decision });
  }

  async #decide(incoming: readonly Incoming[]): Promise<Outcome[]> {
    if (incoming.length === 0) return [];
    const settled = await this.#lane.submit(incoming);
    this.#confirm(settled.flatMap((one) => (one.state === 'done' ? [one.result] : [])));
    return settled.map((one, index) => this.#outcome(one, incoming[index]?.request.decision ?? ''));
  }

  #namesOnlyMessage(who: Who): boolean {
    return who.messageId !== undefined && this.keysOf(who).join() === `message:${who.messageId}`;
  }

  /**
   * Messages of requests that name nothing else, whose delivery was taken before and may wait in the journal: it says
   * who is meant, so it has to be in the engine first.
   */
  async #unknownMessages(incoming: readonly Incoming[]): Promise<ReadonlySet<string>> {
    if (!this.lanes.isBehind('events')) return new Set();
    const unknown = new Set(
      incoming.flatMap(({ who }) => (this.#namesOnlyMessage(who) ? [who.messageId ?? ''] : [])),
    );
    if (unknown.size === 0) return unknown;
    try {
      const rows = await this.engine.query('events/deliveries_by_message', { ids: [...unknown].join('\n') });
      for (const row of rows) unknown.delete(row.message_id);
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
    }
    return unknown;
  }

  /**
   * Is a request about them durable, but not decided or not yet visible? Then the send check denies. Any address of the
   * person counts, whatever the channel: what was asked at one may reach further. A profile change that waits counts,
   * too: under the new address other opt-outs may stand.
   */
  isPending(externalId: string, subject: Subject | undefined): boolean {
    const keys = subject && [subject.person, subject.emailId, subject.phoneId, subject.pushId];
    if (this.lanes.isPending('profiles', externalId)) return true;
    return [externalId, ...(keys ?? [])].some((key) => this.#lane.isPending(key));
  }

  /**
   * People (internal ids) about whom a request waits that names nothing but a message of theirs. Where the delivery waits
   * in the journal, too, nobody knows whose the request is: until the delivery is in the engine the send check cannot
   * deny for it. That is accepted: the alternative is to deny everybody.
   * @throws EngineAwayError
   */
  async pendingByMessage(): Promise<ReadonlySet<string>> {
    const messages = [...this.#lane.pendingOfKind('message'), ...this.#byMessage.messages()];
    if (messages.length === 0) return new Set();
    const rows = await this.engine.query('events/deliveries_by_message', { ids: messages.join('\n') });
    return new Set(rows.map((row) => row.person));
  }

  /**
   * Ids under which a request waits: of the person, the external id, the addresses that are named and the person's own;
   * else the message. Whoever shares one of the addresses may be reached by the decision, too.
   */
  keysOf(who: Who): string[] {
    const { person, identifier, email, phone, subscriber } = who;
    const externalId =
      subscriber === undefined ? who.externalId : this.directory.idOf('external', subscriber);
    const subject = externalId === undefined ? undefined : this.directory.remembered(externalId);
    const keys = [
      person,
      externalId,
      identifier,
      email === undefined ? undefined : this.directory.idOf('email', email),
      phone === undefined ? undefined : this.directory.idOf('phone', phone),
      ...(subject === undefined ? [] : [subject.emailId, subject.phoneId, subject.pushId]),
    ].flatMap((id) => (id === undefined || id === noId ? [] : [id]));
    if (keys.length === 0 && who.messageId !== undefined) keys.push(`message:${who.messageId}`);
    return keys;
  }

  #confirm(results: readonly PreparedOutcome[]): void {
    for (const { ticket } of results) this.gate.settle(ticket);
    this.directory.confirm(results.flatMap(({ subject }) => (subject === null ? [] : [subject])));
    this.streams.confirm(results.flatMap(({ streamKeys }) => streamKeys));
    this.recounts.decided(
      results.flatMap(({ subject, isLate = false }) =>
        subject === null ? [] : [{ person: subject.person, isLate }],
      ),
    );
    if (results.length > 0) for (const listener of this.#listeners) listener();
  }

  #outcome(settled: Settled<PreparedOutcome>, decision: string): Outcome {
    if (settled.state === 'done') return settled.result.outcome;
    // Set aside or undecidable is durable, too, and denies until a person has looked at it.
    if (settled.state !== 'pending')
      this.#log.error('request waits for a person', { record: settled.record });
    return { state: 'pending', decision };
  }
}
