import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { CONFIG, type Config } from '../config.js';
import type { MembershipCause } from '../contract/segments.js';
import { type Database, ENGINE } from '../database.module.js';
import type { Lane } from '../journal/lane-options.js';
import { Lanes } from '../journal/lanes.js';
import { GroupFacts } from '../opt-outs/group-facts.js';
import { Sequence } from '../opt-outs/sequence.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { type Subject, subjectIds } from '../subscribers/subject.js';
import { SubscribersService } from '../subscribers/subscribers.service.js';
import { MembershipGate, type Watch } from './membership-gate.js';
import type { FactNeeds } from './person-facts.js';
import type { MembershipChange } from './segment-set.js';
import { SegmentsService } from './segments.service.js';

/** People looked at in one go: their facts in a few queries, their edges in one insert. */
const mostAtOnce = 2000;
/** How often people whom a decision has in hand are looked at again; the next sweep finds them else. */
const mostTries = 100;
const waitMs = 10;

const columns = [
  'person',
  'segment',
  'seq',
  'edge',
  'version',
  'at',
  'received_at',
  'cause',
  'cause_id',
] as const;

/** One person to look at, and why. */
export interface Look {
  readonly person: string;
  /** What happened, and when it reached us (ms since the epoch). */
  readonly causeId: string;
  readonly receivedAt: number;
}

/**
 * Brings the ledger of memberships up to what holds of people now, where no decision of theirs does: after a change of
 * their profile or of a definition, after their events, and as time goes by.
 */
@Injectable()
export class MembershipsService {
  readonly #log = new Logger('Segments');
  /** Edges, by the journal: a crash in the middle of an insert leaves some views written and others not. */
  readonly #lane: Lane<string, null>;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(CONFIG) private readonly config: Config,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
    private readonly segments: SegmentsService,
    private readonly gate: MembershipGate,
    private readonly sequence: Sequence,
    private readonly lanes: Lanes,
    subscribers: SubscribersService,
  ) {
    this.#lane = lanes.make<string, null>({
      name: 'memberships',
      maxGroup: 1,
      prepare: async (looks) => ({
        group: {
          id: randomUUID(),
          lane: 'memberships',
          inserts: looks.map((lines) => ({ table: 'memberships', columns, lines })),
        },
        results: looks.map(() => null),
      }),
      // The next sweep has found whom they concern.
      isStored: async () => true,
      keys: () => [],
    });
    subscribers.afterStored((changed, receivedAt) => this.#profilesChanged(changed, receivedAt));
  }

  /**
   * Looks at people by the closures, with the facts of `now`, and writes what changed.
   * @returns how many edges were written, when they can be read
   * @throws EngineAwayError
   */
  async look(people: readonly Look[], cause: MembershipCause, now: number): Promise<number> {
    let written = 0;
    for (let start = 0; start < people.length; start += mostAtOnce) {
      let rest = people.slice(start, start + mostAtOnce);
      for (let tries = 0; rest.length > 0 && tries < mostTries; tries++) {
        if (tries > 0) await sleep(waitMs);
        const found = await this.gate.look((watch) => this.#lookOnce(rest, cause, now, watch));
        written += found.written;
        rest = found.touched;
      }
      if (rest.length > 0) this.#log.warn('people left to the next sweep', { people: rest.length, cause });
    }
    return written;
  }

  /**
   * Decisions and edges that are durable and not in the ledger would be overlooked: the people are left as they are.
   */
  get isBlind(): boolean {
    return this.lanes.isBehind('decisions') || this.lanes.isBehind('memberships');
  }

  async #profilesChanged(changed: readonly Subject[], receivedAt: number): Promise<void> {
    if (this.segments.set.isEmpty) return;
    const looks = new Map(
      changed.map(({ person, version }) => [person, { person, causeId: String(version), receivedAt }]),
    );
    try {
      await this.look([...looks.values()], 'profile', Date.now());
    } catch (error) {
      // The profiles are stored: the next sweep finds whom they concern.
      const reason = error instanceof EngineAwayError ? 'engine away' : (error as Error).name;
      this.#log.warn('memberships not brought up to profiles', { profiles: changed.length, reason });
    }
  }

  async #lookOnce(
    people: readonly Look[],
    cause: MembershipCause,
    now: number,
    watch: Watch,
  ): Promise<{ written: number; touched: Look[] }> {
    if (this.isBlind) return { written: 0, touched: [] };
    const set = this.segments.set;
    const subjects = await this.directory.readPeople(people.map(({ person }) => person));
    // Asked for even where no segment is active: the last one may have been archived.
    const facts = await factsOf(subjects.values(), this.engine, now, { ...set.needs, memberships: true });
    const context = { catalogue: this.streams.catalogue, markets: this.config.markets };
    const moves = people.flatMap((look): { look: Look; change: MembershipChange }[] => {
      const subject = subjects.get(look.person);
      if (subject === undefined) return [];
      return facts.move(subject, set, now, context).map((change) => ({ look, change }));
    });
    const touched = people.filter(({ person }) => watch.isTouched(person));
    const free = moves.filter(({ look }) => !watch.isTouched(look.person));
    if (free.length > 0) {
      const at = new Date(now).toISOString();
      const seq = this.sequence.next(Date.now());
      const lines = free.map(({ look, change }) =>
        JSON.stringify([
          look.person,
          change.key,
          seq,
          change.edge,
          change.version,
          at,
          new Date(look.receivedAt).toISOString(),
          cause,
          look.causeId,
        ]),
      );
      await watch.write(async () => {
        const [settled] = await this.#lane.submit([lines.join('\n')]);
        if (settled?.state !== 'done')
          throw new EngineAwayError('insert memberships', null, 'it waits in the journal');
      });
    }
    return { written: free.length, touched };
  }
}

/** What conditions may ask about people whom no request is about. */
export function factsOf(
  subjects: Iterable<Subject>,
  engine: Database,
  now: number,
  needs: FactNeeds,
): Promise<GroupFacts> {
  const known = [...subjects];
  const people = new Set(known.map(({ person }) => person));
  const group = {
    people,
    subjects: new Set(known.flatMap(subjectIds)),
    messages: new Set<string>(),
    voids: new Set<string>(),
    times: new Map<string, { first: number; last: number }>(),
    instants: new Map([...people].map((person) => [person, now])),
  };
  return GroupFacts.gather(engine, group, needs);
}
