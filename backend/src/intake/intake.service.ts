import { Injectable } from '@nestjs/common';
import type { BatchResult } from '../contract/events.js';
import { BusyError } from '../errors.js';
import { EventsService } from '../events/events.service.js';
import { openEnd, pauseIdOf } from '../events/held-pause.js';
import { keptText } from '../events/kept-text.js';
import type { Row } from '../events/parse-batch.js';
import { QuarantineService, type RefusedRow } from '../events/quarantine.service.js';
import { streamByHash } from '../preferences/stream-hashes.js';
import type { OpenLink } from '../preferences/token.js';
import { StreamsService } from '../streams/streams.service.js';
import type { Item, NormalisedEvent } from './normalised-event.js';
import { SentMessages } from './sent-messages.js';
import { type Place, placesOf, type StreamMap } from './stream-refs.js';
import { rowsOf, typeOf } from './wire-rows.js';

/** Clocks of signed providers may be off by so much; an opt-in that is older was kept back by somebody (INV-WH-2). */
export const signedTolerance = 5 * 60_000;

/** Where items come from. */
export interface Source {
  /** The provider, or `mail`. */
  name: string;
  /** Clock tolerance in ms. */
  tolerance: number;
  streams: StreamMap;
  /** When the call was signed (ms); null where nothing says so. */
  signedAt: number | null;
  /**
   * Streams are named by people, who may mistype: one that is not known is none, and the widest reading counts
   * (INV-FLOOR-4). Absent: the source's own groups, which register themselves.
   */
  isTyped?: true;
}

export interface Taken extends BatchResult {
  events: readonly NormalisedEvent[];
  /** By the source's word for them: types that are unknown, or that change nothing here. */
  skipped: Readonly<Record<string, number>>;
}

/** What providers and mailboxes tell, on the one way that every event goes. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly events: EventsService,
    private readonly quarantine: QuarantineService,
    private readonly streams: StreamsService,
    private readonly sent: SentMessages,
  ) {}

  /**
   * Takes what can be taken, keeps the rest in quarantine, and resolves when all of it is durable.
   * @throws BusyError when too much waits already, or nobody can tell yet whose it is: the source has to send it again
   */
  async take(items: readonly Item[], source: Source, receivedAt: number): Promise<Taken> {
    const skipped: Record<string, number> = {};
    const count = (word: string) => {
      skipped[word] = (skipped[word] ?? 0) + 1;
    };
    const events: NormalisedEvent[] = [];
    const kept: Kept[] = [];
    const rows: Row[] = [];
    for (const item of items) {
      if (item.kind === 'skipped') count(item.type);
      else if (item.kind === 'unreadable') kept.push({ row: unreadable(item.detail, item.value, source) });
      else events.push(item);
    }
    const { unsent, vouched } = await this.#comparedWithSent(events);
    const isUndecided = (event: NormalisedEvent) =>
      event.isUndecided === true && !vouched.has(event) && typeOf(event) !== null;
    if (events.some(isUndecided)) throw new BusyError(cannotAsk, retrySeconds);
    for (const event of events) {
      const flags = isStale(source, receivedAt) ? ['signature_stale'] : [];
      const own = rowsOf(event, source.name, this.#placesOf(event, source), {
        tolerance: source.tolerance,
        flags,
      });
      if (event.beside !== undefined) rows.push(...this.#rowsBeside(event, event.beside, source));
      if (own.length === 0) count(event.trigger);
      else if (unsent.has(event)) count('not_ours');
      else if (event.trigger === 'resubscribe' && isLate(event, source, receivedAt)) {
        kept.push(...own.map((row) => ({ row: refused(row, source, 'stale', 'occurred_at', tooLate) })));
      } else if (event.trust === 'none' && !vouched.has(event) && namesSomebody(event)) {
        const pausing = event;
        kept.push(
          ...own.map((row) => ({ row: refused(row, source, 'untrusted', 'from', untrusted), pausing })),
        );
      } else rows.push(...own);
    }

    // Before the pauses, which last until their entries are closed.
    const ids = await this.quarantine.keep(
      kept.map(({ row }) => row),
      receivedAt,
    );
    rows.push(...kept.flatMap(({ pausing }, index) => pauseFor(pausing, ids[index], source)));
    const result =
      rows.length === 0
        ? nothing()
        : await this.events.accept(rows, { tolerance: source.tolerance, madeBy: 'provider' }, receivedAt);
    const rejected = kept.map(({ row: { code, detail, field } }, index) => ({
      index: rows.length + index,
      code: code as BatchResult['rejected'][number]['code'],
      detail,
      ...(field === undefined ? {} : { field }),
      ...(ids[index] === undefined ? {} : { quarantine_id: ids[index] }),
    }));
    return { ...result, rejected: [...result.rejected, ...rejected], events, skipped };
  }

  /** Keeps a body that cannot be read at all. @returns its id in quarantine */
  async keep(body: string, source: string, detail: string, receivedAt: number): Promise<string | undefined> {
    const row = { door: source, code: 'invalid', detail, field: 'body', text: body };
    return (await this.quarantine.keep([row], receivedAt))[0];
  }

  /** The opt-out that the link beside it stands for, whoever wrote the words. */
  #rowsBeside(event: NormalisedEvent, link: OpenLink, source: Source): Row[] {
    const { stream: _, asked: __, beside: ___, ...rest } = event;
    const leaving: NormalisedEvent = {
      ...rest,
      trigger: 'mailto_unsubscribe',
      scopeHint: 'stream',
      stream: null,
      subscriber: null,
      link,
      trust: 'token',
      identity: [...event.identity, 'beside', link.id],
    };
    const context = { tolerance: source.tolerance, flags: [] };
    return rowsOf(leaving, source.name, this.#placesOf(leaving, source), context);
  }

  #placesOf({ link, stream, channel }: NormalisedEvent, { name, streams, isTyped }: Source): Place[] {
    if (link !== undefined) {
      if (!('hash' in link.stream)) return [link.stream];
      const found = streamByHash(this.streams.catalogue, link.stream.channel, link.stream.hash);
      return found === undefined ? [] : [found];
    }
    const { catalogue } = this.streams;
    const places = stream === null ? [] : placesOf(stream, channel, name, streams, catalogue);
    if (isTyped !== true) return places;
    return places.filter(
      (place) => catalogue.find(place.channel, place.category, place.origin) !== undefined,
    );
  }

  /**
   * Reports about messages that nobody sent from here to the address that they name (INV-DSN-4), and those for which what we
   * sent vouches. A link of ours proves that we did. Where nobody can tell a bounce has to come again; a complaint is one of
   * which nobody knows whether it is genuine, and pauses.
   */
  async #comparedWithSent(events: readonly NormalisedEvent[]): Promise<{
    unsent: ReadonlySet<NormalisedEvent>;
    vouched: ReadonlySet<NormalisedEvent>;
  }> {
    const bounces = events.filter((event) => event.onlyIfSent === true && event.link === undefined);
    const others = events.filter((event) => event.sentVouches === true);
    const known = await this.sent.namedIn([...bounces, ...others]);
    if (known === null && bounces.length > 0) throw new BusyError(cannotCompare, retrySeconds);
    return {
      unsent: new Set(bounces.filter((event) => known?.has(event) !== true)),
      vouched: new Set(others.filter((event) => known?.has(event) === true)),
    };
  }
}

/** What goes into quarantine, and what pauses an address for as long as it is there. */
interface Kept {
  row: RefusedRow;
  pausing?: NormalisedEvent;
}

const retrySeconds = 60;
const cannotAsk = 'The DNS does not answer: nobody can tell whether the report is genuine.';
const cannotCompare = 'The database does not answer: a bounce cannot be compared with what was sent.';
const tooLate = 'occurred_at: an opt-in that comes this late is not taken: the person has to say it again';
const untrusted = 'from: anybody could have written it; the address is paused until somebody has looked';

/** Of whom it says nothing the intake says so: that is the better word for why it waits. */
const namesSomebody = ({ subscriber, messageId }: NormalisedEvent): boolean =>
  subscriber !== null || messageId !== null;

function isStale({ signedAt }: Source, now: number): boolean {
  return signedAt !== null && Math.abs(now - signedAt) > signedTolerance;
}

/** An opt-in must be fresh: by the signature, or where that names no time, by its own. */
function isLate({ occurredAt }: NormalisedEvent, { signedAt, tolerance }: Source, now: number): boolean {
  const at = signedAt ?? (occurredAt === null ? now : Date.parse(occurredAt));
  return !(Math.abs(now - at) <= Math.max(signedTolerance, tolerance));
}

/** In quarantine it speaks for nobody: sent again from there an opt-in lifts nothing. */
function refused(
  row: Row,
  { name }: Source,
  code: 'stale' | 'untrusted',
  field: string,
  detail: string,
): RefusedRow {
  const value = 'value' in row ? (row.value as Record<string, unknown>) : {};
  const text = keptText(code === 'stale' ? { ...value, made_by: 'provider' } : value);
  return { door: name, code, detail, field, text };
}

function unreadable(detail: string, value: unknown, { name }: Source): RefusedRow {
  return { door: name, code: 'invalid', detail, field: detail.split(':')[0], text: keptText(value) };
}

/**
 * A request that anybody could have written stops nothing for good and is not ignored either: advertising to the address
 * pauses until somebody has looked at it (INV-2369-2).
 */
function pauseFor(
  event: NormalisedEvent | undefined,
  entry: string | undefined,
  { tolerance }: Source,
): Row[] {
  if (event === undefined || event.subscriber === null || entry === undefined) return [];
  const { channel, subscriber, trigger, messageId } = event;
  return [
    {
      value: {
        id: pauseIdOf(entry),
        type: 'paused',
        channel,
        email: subscriber,
        trigger,
        asked: [{ class: 'commercial', channel }],
        until: openEnd,
        made_by: 'system',
        ...(messageId === null ? {} : { message_id: messageId.slice(0, 200) }),
      },
      tolerance,
      flags: ['untrusted'],
    },
  ];
}

const nothing = (): BatchResult => ({ accepted: 0, duplicates: 0, pending: 0, rejected: [], flagged: [] });
