import { type Channel, channels } from '../contract/vocabulary.js';
import { jurisdictionsOf } from '../opt-outs/jurisdiction.js';
import { permission } from '../permissions/permission.js';
import type { Statement } from '../permissions/statement.js';
import type { Catalogue } from '../streams/catalogue.js';
import type { CataloguedStream } from '../streams/stream.js';
import { noId } from '../subscribers/identifiers.js';
import { identifierFor, type Subject } from '../subscribers/subject.js';

/** What a permission answers to a condition. */
export interface PersonStanding {
  allowed: boolean;
  reason: string;
}

export interface Standings {
  /** null for a stream that is not known. */
  standing(streamKey: string): PersonStanding | null;
  /** Of a commercial message on the channel that belongs to no stream. */
  channelStanding(channel: Channel): PersonStanding | null;
}

export interface StandingFacts {
  subject: Subject | null;
  /** Of the person and of their addresses. */
  statements: readonly Statement[];
  catalogue: Catalogue;
  markets: readonly string[];
}

/** Answers as the send check would at that instant; each stream and channel is worked out once, and only when asked. */
export function standingsOf(
  { subject, statements, catalogue, markets }: StandingFacts,
  now: number,
): Standings {
  const known = new Map<string, PersonStanding>();
  const answer = (key: string, stream: CataloguedStream): PersonStanding => {
    let found = known.get(key);
    if (found === undefined) {
      const { jurisdictions } = jurisdictionsOf({
        subscriber: subject?.jurisdiction || null,
        phone: subject?.phoneCountry || null,
        stream,
        streams: catalogue.streams,
        markets,
      });
      const question = {
        person: subject?.person ?? null,
        identifier: subject === null ? null : identifierFor(stream.channel, subject, noId),
        stream,
        parents: catalogue.parents(stream),
        jurisdictions,
      };
      const { allowed, reason } = permission(statements, question, now);
      found = { allowed, reason };
      known.set(key, found);
    }
    return found;
  };
  return {
    standing: (streamKey) => {
      const stream = catalogue.get(streamKey);
      return stream === undefined ? null : answer(`stream ${streamKey}`, stream);
    },
    channelStanding: (channel) => {
      const stream = noStream.get(channel);
      return stream === undefined ? null : answer(`channel ${channel}`, stream);
    },
  };
}

/** Names that no stream and no statement can have: only what speaks of the class or the whole channel covers them. */
const noStream: ReadonlyMap<Channel, CataloguedStream> = new Map(
  channels.map((channel): [Channel, CataloguedStream] => [
    channel,
    {
      key: '',
      version: 0,
      channel,
      category: '',
      origin: '',
      class: 'commercial',
      brand: '',
      classes: [{ value: 'commercial', until: Number.POSITIVE_INFINITY }],
      brands: [{ value: '', until: Number.POSITIVE_INFINITY }],
      listId: null,
      title: '',
      allOptionShown: false,
      legalBasis: null,
      regime: null,
      markets: [],
      parent: null,
      parents: [{ value: null, until: Number.POSITIVE_INFINITY }],
      reviewed: false,
    },
  ]),
);
