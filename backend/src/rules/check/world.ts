import type { Selector } from '../../contract/selectors.js';
import {
  type Channel,
  channels,
  type EventType,
  type StreamClass,
  streamClasses,
  type Trigger,
  triggers,
} from '../../contract/vocabulary.js';
import { allJurisdictions } from '../../opt-outs/jurisdiction.js';
import type { Facts, OptOutRequest } from '../../opt-outs/request.js';
import type { CataloguedStream } from '../../streams/stream.js';

/** One point of the finite domain: everything that the floor and the reach of a decision look at. */
export interface Cell {
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
export const at = Date.UTC(2026, 0, 1);
export function* domain(): Generator<Cell> {
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

export interface World {
  request: OptOutRequest;
  facts: Facts;
  /** The one that was clicked. */
  stream: CataloguedStream;
}

/** What was clicked, another one beside it, essential mail on the channel and of its category elsewhere, and one on another channel. */
export function worldOf({ trigger, channel, jurisdiction, class: streamClass, asked }: Cell): World {
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
      rules: { id: 'none', rules: [] },
    },
  };
}

/** The world with essential mail at the place that a selector names, beside what is there. */
export function withEssentialAt(selector: Selector, { request, facts, stream }: World): World {
  const { channel = request.channel, category = 'named', origin = 'named', brand = 'brand' } = selector;
  const taken = facts.streams.some(
    (one) => one.channel === channel && one.category === category && one.origin === origin,
  );
  if (taken) return { request, facts, stream };
  const named = { ...streamOf('essential-named', channel, category, 'essential', origin), brand };
  const brands = [{ value: brand, until: Number.POSITIVE_INFINITY }];
  const streams = [...facts.streams, { ...named, brands }];
  const spells = streams.map(({ key }) => ({ stream: key, openedAt: at - 1 }));
  return { request, stream, facts: { ...facts, streams, spells } };
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
