import type { RuleOffers } from '../../contract/rules.js';
import type { Channel, StreamClass } from '../../contract/vocabulary.js';
import type { Decision, Incoming, OptOutRequest, Outcome, Who } from '../../opt-outs/request.js';
import type { CataloguedStream } from '../../streams/stream.js';
import type { EdgeCatalogue, LinkSubject, PersonalStream } from '../ports.js';
import { PreferencePorts } from '../ports.js';
import { streamHash } from '../token.js';

export function stream(
  channel: Channel,
  category: string,
  origin: string,
  more: Partial<CataloguedStream> = {},
): CataloguedStream {
  const streamClass: StreamClass = more.class ?? 'commercial';
  return {
    key: `${channel}.${category}.${origin}`,
    version: 1,
    channel,
    category,
    origin,
    class: streamClass,
    brand: 'default',
    classes: [{ value: streamClass, until: Infinity }],
    brands: [{ value: more.brand ?? 'default', until: Infinity }],
    listId: null,
    title: '',
    allOptionShown: false,
    legalBasis: null,
    regime: null,
    markets: [],
    parent: null,
    parents: [],
    reviewed: true,
    ...more,
  };
}

/** The services behind the edge, in memory and without floors: the last covering word of a person decides. */
export class MemoryPorts extends PreferencePorts {
  readonly decisions: Decision[] = [];
  /** Every request that was handed over, copies included. */
  readonly submitted: Incoming[] = [];
  readonly reasonsNoted: [decision: string, reason: string][] = [];
  readonly erased = new Set<string>();
  /** Keys of streams that the person was never subscribed to. */
  readonly unknown = new Set<string>();
  /** Where the person never said a word. */
  regime: 'regime_opt_in' | 'regime_opt_out' = 'regime_opt_out';
  /** Overrides whatever else there is. */
  veto: 'hold' | 'pending' | null = null;
  /** Of the rule that matches whoever leaves one stream; null: none does. */
  offers: RuleOffers | null = null;
  reads = 0;
  away = false;
  broken = false;
  private readonly byEvent = new Map<string, Decision>();

  constructor(readonly streams: CataloguedStream[]) {
    super();
  }

  async submit(incoming: Incoming[]): Promise<Outcome[]> {
    if (this.broken) throw new Error('the journal is full at /data/journal');
    await new Promise((resolve) => setTimeout(resolve, 1));
    return incoming.map((one) => this.take(one));
  }

  async streamsOf(who: Who): Promise<PersonalStream[] | null> {
    this.reads++;
    if (this.away) return null;
    if (this.erased.has(who.person ?? '')) return [];
    return this.streams.map((each) => ({
      stream: each,
      allowed: this.allowed(each),
      reason: this.reason(each),
      subscribed: !this.unknown.has(each.key),
    }));
  }

  async linkSubject(subscriber: string): Promise<LinkSubject> {
    const id = Buffer.from(subscriber.padEnd(12, '-').slice(0, 12)).toString('hex').slice(0, 12);
    return {
      person: `00000000-0000-4000-8000-${id}`,
      externalId: `11111111-1111-5111-8111-${id}`,
      identifier: `22222222-2222-5222-8222-${id}`,
    };
  }

  async ensureStream(channel: Channel, category: string, origin: string): Promise<CataloguedStream> {
    const known = this.catalogue().byTriple(channel, category, origin);
    if (known !== undefined) return known;
    const added = stream(channel, category, origin, { reviewed: false, title: category });
    this.streams.push(added);
    return added;
  }

  catalogue(): EdgeCatalogue {
    const find = (test: (each: CataloguedStream) => boolean) => this.streams.find(test);
    return {
      byKey: (key) => find((each) => each.key === key),
      byTriple: (channel, category, origin) =>
        find((each) => each.channel === channel && each.category === category && each.origin === origin),
      byHash: (channel, hash) =>
        find((each) => each.channel === channel && streamHash(channel, each.category, each.origin) === hash),
    };
  }

  async addressHint(who: Who): Promise<string | null> {
    return this.erased.has(who.person ?? '') ? null : 'j•••@e•••.com';
  }

  override noteReason: PreferencePorts['noteReason'] = async (decision, reason) => {
    this.reasonsNoted.push([decision, reason]);
  };

  /** What the person may receive now, by key. */
  allowedKeys(): string[] {
    return this.streams.filter((each) => this.allowed(each)).map((each) => each.key);
  }

  private take({ who, request }: Incoming): Outcome {
    this.submitted.push({ who, request });
    if (this.erased.has(who.person ?? '')) {
      return {
        state: 'quarantined',
        quarantineId: 'q',
        code: 'unidentified',
        field: 'subscriber',
        detail: 'nobody is known',
      };
    }
    const known = this.byEvent.get(request.eventId);
    if (known !== undefined) return { state: 'duplicate', decision: known.id };
    const before = this.allowedKeys();
    const isUnknown = request.voids !== null && !this.decisions.some(({ id }) => id === request.voids);
    const flags = isUnknown ? ['void_unknown'] : [];
    const decision = {
      id: request.decision,
      request,
      person: who.person ?? null,
      offers: request.type === 'opted_out' && request.asked === 'this' ? this.offers : null,
      flags,
    } as Partial<Decision> as Decision;
    this.decisions.push(decision);
    this.byEvent.set(request.eventId, decision);
    const after = this.allowedKeys();
    decision.effective = effectiveOf(request);
    decision.streamsStopped = before.filter((key) => !after.includes(key));
    decision.streamsKept = this.streams.map((each) => each.key).filter((key) => after.includes(key));
    if (this.away) return { state: 'pending', decision: decision.id };
    return { state: 'decided', decision };
  }

  private allowed(each: CataloguedStream): boolean {
    return ['opt_in', 'regime_opt_out'].includes(this.reason(each));
  }

  private reason(each: CataloguedStream): PersonalStream['reason'] {
    if (this.veto === 'pending') return 'pending';
    const voided = new Set(this.decisions.map(({ request }) => request.voids));
    const last = this.decisions
      .filter(({ id, request }) => !voided.has(id) && speaks(request) && covers(request, each))
      .at(-1);
    if (last?.request.type === 'opted_out') return 'opt_out';
    if (this.veto !== null) return this.veto;
    if (last === undefined) return each.class === 'essential' ? 'regime_opt_out' : this.regime;
    return last.request.type === 'paused' ? 'pause' : 'opt_in';
  }
}

function speaks({ type }: OptOutRequest): boolean {
  return type === 'opted_out' || type === 'opted_in' || type === 'paused';
}

function covers(
  { asked, channel, category, origin, trigger }: OptOutRequest,
  each: CataloguedStream,
): boolean {
  if (trigger === 'opt_out_preference_signal') return each.class === 'profiling';
  if (asked === 'everything') return each.class !== 'essential';
  if (asked === 'all') return each.class !== 'essential' && each.channel === channel;
  const triples = asked === 'this' ? [{ channel, category, origin }] : asked;
  return triples.some(
    (one) => one.channel === each.channel && one.category === each.category && one.origin === each.origin,
  );
}

function effectiveOf({ asked, channel, category, origin }: OptOutRequest): string[] {
  return asked === 'this' ? [`channel=${channel};category=${category};origin=${origin}`] : [];
}
