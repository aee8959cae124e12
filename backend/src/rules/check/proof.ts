import type { Finding } from '../../contract/rules.js';
import { canonicalSelector } from '../../contract/selectors.js';
import {
  type Channel,
  channels,
  type EventType,
  type StreamClass,
  streamClasses,
  type Trigger,
  triggers,
} from '../../contract/vocabulary.js';
import { decide } from '../../opt-outs/decide.js';
import { allJurisdictions } from '../../opt-outs/jurisdiction.js';
import type { Decision, Facts, OptOutRequest, RuleSet } from '../../opt-outs/request.js';
import type { CataloguedStream } from '../../streams/stream.js';
import type { ReadRule } from '../compiled-rules.js';
import { scopeSelectors } from '../rule-scope.js';
import { Pace } from './pace.js';

/** One point of the finite domain: everything that the floor and the reach of a decision look at. */
interface Cell {
  trigger: Trigger | null;
  channel: Channel;
  jurisdiction: string;
  class: StreamClass;
  asked: OptOutRequest['asked'];
}

const person = '00000000-0000-4000-8000-0000000000a1';
const addresses = {
  email: '00000000-0000-4000-8000-0000000000a2',
  phone: '00000000-0000-4000-8000-0000000000a3',
  push: '00000000-0000-4000-8000-0000000000a4',
};
const at = Date.UTC(2026, 0, 1);
/** Enough examples to mend a rule by. */
const mostExamples = 5;

export interface Proof {
  cells: number;
  findings: Finding[];
}

/**
 * Proves over the finite domain trigger × channel × jurisdiction × class × asked × which rule fires (conditions
 * abstracted: any rule may fire on any request) what must hold whatever the rules are:
 *
 * 1. the stream that the person clicked ends
 * 2. essential mail that was not clicked is never stopped for a rule's sake
 * 3. picks, "all" and "everything" are neither narrowed nor widened
 * 4. whatever stops without the rule stops with it, the floor included
 *
 * The real `decide` is asked, in a world of five streams.
 */
export async function prove(rules: readonly ReadRule[]): Promise<Proof> {
  const findings: Finding[] = [];
  const sets = alikeIn(rules);
  let cells = 0;
  const pace = new Pace();
  for (const [index, cell] of [...domain()].entries()) {
    const world = worldOf(cell);
    const bare = bareIn(index, world);
    const fault = clickedEnds(cell, bare);
    if (fault !== null) note(findings, cell, '', fault);
    cells++;
    // Where no rule is even asked the set as a whole stands for each of its rules, and what it says changes nothing.
    if (rules.length > 0 && !bare.isAsked) cells++;
    for (const { fired, alike } of bare.isAsked ? sets : []) {
      const ruled = decide(world.request, { ...world.facts, rules: firing(fired, world) }, at);
      cells += alike.length;
      for (const found of faultsOf(cell, bare, ruled))
        for (const { rule } of alike) note(findings, cell, rule.id, found);
    }
    if (pace.isDue) await pace.rest();
  }
  return { cells, findings };
}

/** What stops without rules, and whether rules would be asked. */
type Bare = Pick<Decision, 'effective' | 'streamsStopped'> & { isAsked: boolean };
// The same whatever the rules are: worked out once for a process.
const bares: Bare[] = [];

function bareIn(index: number, { request, facts }: World): Bare {
  const known = bares[index];
  if (known !== undefined) return known;
  let isAsked = false;
  const evaluate = () => {
    isAsked = true;
    return null;
  };
  const rules = { id: 'none', rules: [{ id: 'none', evaluate }] };
  const { effective, streamsStopped } = decide(request, { ...facts, rules }, at);
  const bare = { effective, streamsStopped, isAsked };
  bares[index] = bare;
  return bare;
}

/** Rules of one scope do the same, whichever of them fires: one is asked for all. */
function alikeIn(rules: readonly ReadRule[]): { fired: readonly ReadRule[]; alike: readonly ReadRule[] }[] {
  const byScope = new Map<string, ReadRule[]>();
  for (const one of rules) {
    const scope = JSON.stringify(one.rule.then.scope);
    byScope.set(scope, [...(byScope.get(scope) ?? []), one]);
  }
  return [...byScope.values()].map((alike) => ({ fired: alike.slice(0, 1), alike }));
}

const none: RuleSet = { id: 'none', rules: [] };

function firing(rules: readonly ReadRule[], { request, stream }: World): RuleSet {
  const message = { ...request, brand: stream.brand };
  return {
    id: 'draft',
    rules: rules.map(({ rule }) => ({
      id: rule.id,
      evaluate: () => ({
        selectors: scopeSelectors(rule.then.scope, message).map(canonicalSelector),
        detail: 'fires',
      }),
    })),
  };
}

function* domain(): Generator<Cell> {
  for (const trigger of [null, ...triggers])
    for (const channel of channels)
      for (const jurisdiction of allJurisdictions)
        for (const streamClass of streamClasses)
          for (const asked of ['this', 'picks', 'all', 'everything'] as const)
            yield {
              trigger,
              channel,
              jurisdiction,
              class: streamClass,
              asked: asked === 'picks' ? [{ channel, category: 'other', origin: 'shop' }] : asked,
            };
}

interface World {
  request: OptOutRequest;
  facts: Facts;
  /** The one that was clicked. */
  stream: CataloguedStream;
}

/** What was clicked, another one beside it, essential mail on the channel and of its category elsewhere, and one on another channel. */
function worldOf({ trigger, channel, jurisdiction, class: streamClass, asked }: Cell): World {
  const { stream, streams } = catalogueOf(channel, streamClass);
  return {
    stream,
    request: {
      decision: '00000000-0000-4000-8000-0000000000d1',
      eventId: 'proof',
      type: typeOf(trigger),
      trigger,
      asked,
      channel,
      category: stream.category,
      origin: stream.origin,
      audience: 'audience',
      campaign: 'campaign',
      messageType: null,
      messageId: null,
      reason: '',
      occurredAt: at,
      receivedAt: at,
      tolerance: 0,
      madeBy: 'person',
      basis: null,
      evidence: '',
      expiresAt: null,
      until: null,
      cap: null,
      bounce: null,
      allOptionShown: true,
      legalBasis: 'consent',
      voids: null,
      flags: [],
    },
    facts: {
      person,
      identifier: addressOn(channel),
      identifiers: addresses,
      jurisdiction,
      phoneJurisdiction: null,
      streams,
      statements: [],
      spells: streams.map(({ key }) => ({ stream: key, openedAt: at - 1 })),
      deliveries: [],
      attributed: [],
      segments: [],
      settings,
      rules: none,
    },
  };
}

type Catalogued = Pick<World, 'stream'> & { streams: readonly CataloguedStream[] };
// What covers a stream is remembered by the stream: made anew for each cell it would be most of the work.
const catalogues = new Map<string, Catalogued>();

function catalogueOf(channel: Channel, streamClass: StreamClass): Catalogued {
  const key = `${channel} ${streamClass}`;
  const known = catalogues.get(key);
  if (known !== undefined) return known;
  const elsewhere: Channel = channel === 'email' ? 'sms' : 'email';
  const stream = streamOf('clicked', channel, 'clicked', streamClass);
  const streams = [
    stream,
    streamOf('essential', channel, 'essential', 'essential'),
    streamOf('essential-elsewhere', elsewhere, 'clicked', 'essential', 'crm'),
    streamOf('other', channel, 'other', 'commercial'),
    streamOf('other-elsewhere', elsewhere, 'clicked', 'commercial'),
  ];
  const made = { stream, streams };
  catalogues.set(key, made);
  return made;
}

const settings = { markets: [], tcpaWaiverUntil: null };

function addressOn(channel: Channel): string | null {
  if (channel === 'email') return addresses.email;
  if (channel === 'push') return addresses.push;
  return channel === 'sms' || channel === 'voice' || channel === 'whatsapp' ? addresses.phone : null;
}

function streamOf(
  key: string,
  channel: Channel,
  category: string,
  streamClass: StreamClass,
  origin = 'shop',
): CataloguedStream {
  return {
    key,
    version: 1,
    channel,
    category,
    origin,
    class: streamClass,
    brand: 'brand',
    classes: [{ value: streamClass, until: Number.POSITIVE_INFINITY }],
    brands: [{ value: 'brand', until: Number.POSITIVE_INFINITY }],
    listId: null,
    title: key,
    allOptionShown: true,
    legalBasis: 'consent',
    regime: 'opt_out',
    markets: [],
    parent: null,
    parents: [{ value: null, until: Number.POSITIVE_INFINITY }],
    reviewed: true,
  };
}

/** The event by which a trigger comes. One that says nothing about a wish comes as an opt-out, as a sender may label it. */
function typeOf(trigger: Trigger | null): EventType & OptOutRequest['type'] {
  if (trigger === 'complaint' || trigger === 'complaint_optout') return 'complained';
  return trigger === 'erasure_request_art17' ? 'erased' : 'opted_out';
}

function clickedEnds({ asked, trigger }: Cell, { streamsStopped }: Bare): string | null {
  // A browser's signal is about data and not about a message; a deletion closes by what it is.
  const isAboutStream = asked === 'this' && trigger !== 'opt_out_preference_signal';
  const isOfDirectMarketing = trigger === 'gdpr_objection_art21' || trigger === 'erasure_request_art17';
  if (!isAboutStream || isOfDirectMarketing || trigger === 'global_unsubscribe') return null;
  const isComplaint = trigger === 'complaint' || trigger === 'complaint_optout';
  return streamsStopped.includes('clicked') || isComplaint ? null : 'the stream that was clicked goes on';
}

function faultsOf({ asked }: Cell, bare: Bare, ruled: Decision): string[] {
  const faults: string[] = [];
  const lost = bare.effective.filter((selector) => !ruled.effective.includes(selector));
  if (lost.length > 0) faults.push(`what stopped without the rule goes on with it: ${lost.join(', ')}`);
  if (asked !== 'this' && ruled.request.type === 'opted_out') {
    const added = ruled.effective.filter((selector) => !bare.effective.includes(selector));
    if (added.length > 0) faults.push(`what the person chose is widened: ${added.join(', ')}`);
  }
  const essential = ['essential', 'essential-elsewhere'].filter(
    (key) => ruled.streamsStopped.includes(key) && !bare.streamsStopped.includes(key),
  );
  if (essential.length > 0) faults.push(`essential mail is stopped: ${essential.join(', ')}`);
  if (ruled.flags.includes('rule_essential_dropped')) faults.push('it asks for essential mail to stop');
  return faults;
}

function note(findings: Finding[], cell: Cell, rule: string, fault: string): void {
  if (findings.filter((one) => one.rules[0] === rule).length >= mostExamples) return;
  findings.push({
    kind: 'unsafe',
    severity: 'error',
    rules: rule === '' ? [] : [rule],
    detail: fault,
    example: {
      'request.trigger': cell.trigger,
      'message.channel': cell.channel,
      'subscriber.jurisdiction': cell.jurisdiction,
      'message.class': cell.class,
      'request.asked': typeof cell.asked === 'string' ? cell.asked : 'picks',
    },
  });
}
