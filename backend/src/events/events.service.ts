import { randomUUID } from 'node:crypto';
import { EngineAwayError } from '@secateur/sql';
import type { Config } from '../config.js';
import type { BatchResult, Rejection } from '../contract/events.js';
import type { Database } from '../database.module.js';
import { BusyError } from '../errors.js';
import type { Lane, Settled } from '../journal/lane-options.js';
import type { Lanes } from '../journal/lanes.js';
import type { OptOutsService } from '../opt-outs/opt-outs.service.js';
import type { Incoming } from '../opt-outs/request.js';
import type { SegmentsService } from '../segments/segments.service.js';
import type { StreamsService } from '../streams/streams.service.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { endOfPause, pauseIdOf } from './held-pause.js';
import { keptText } from './kept-text.js';
import {
  type Door,
  type Engagement,
  type Normalised,
  normaliseEvent,
  type PermissionChange,
  type Refused,
} from './normalise.js';
import { parseBatch, type Row } from './parse-batch.js';
import { deliveriesDoor, type EngagementOutcome, prepareEngagement } from './prepare.js';
import type { QuarantineService } from './quarantine.service.js';
import type { QuarantineEntry } from './quarantine-row.js';
import { holdsFor, type StoredBounce } from './soft-bounces.js';

/** Takes batches of events: each row on its own, deliveries before the opt-outs that may belong to them. */
export class EventsService {
  readonly #lane: Lane<Engagement, EngagementOutcome>;

  constructor(
    private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
    private readonly streams: StreamsService,
    private readonly optOuts: OptOutsService,
    private readonly quarantine: QuarantineService,
    private readonly softBounces: Config['softBounces'],
    private readonly lanes: Lanes,
    segments: SegmentsService,
  ) {
    this.#lane = lanes.make({
      name: 'events',
      maxGroup: 10_000,
      prepare: (events) =>
        prepareEngagement(events, Date.now(), {
          engine,
          directory,
          streams,
          segments: () => segments.set,
          seal: (text) => quarantine.seal(text),
          newId: randomUUID,
        }),
      keys: () => [],
      // Estimated: encoding every event only to learn its size would double the work.
      sizeOf: (event) => 600 + event.metadata.length,
      onLateResult: (_, result) => this.#confirm([result]),
    });
  }

  /**
   * @param rows as `parseBatch` made them
   * @param receivedAt now, in ms since the epoch
   * @throws BusyError when too much waits already: repeat the whole batch, ids keep it counted once
   */
  async accept(rows: readonly Row[], door: Door, receivedAt: number): Promise<BatchResult> {
    const engagements: { index: number; event: Engagement }[] = [];
    const changes: { index: number; change: PermissionChange }[] = [];
    const refused: { index: number; refusal: Refused; text: string }[] = [];
    for (const [index, row] of rows.entries()) {
      if ('fault' in row) {
        refused.push({ index, refusal: notJson(row.fault), text: row.text });
        continue;
      }
      const event = normaliseRow(row, door, receivedAt);
      if (event.kind === 'engagement') engagements.push({ index, event });
      else if (event.kind === 'permission') changes.push({ index, change: event });
      else refused.push({ index, refusal: event, text: keptText(row.value) });
    }

    const result = nothingYet();
    const [, quarantined] = await Promise.all([
      this.#acceptEngagements(engagements, result),
      this.quarantine.keep(
        refused.map(({ refusal, text }) => ({ ...refusal, door: 'events', text })),
        receivedAt,
      ),
    ]);
    for (const [position, { index, refusal }] of refused.entries()) {
      result.rejected.push(rejection(index, refusal, quarantined[position]));
    }
    await this.#acceptChanges(changes, result);
    result.rejected.sort((a, b) => a.index - b.index);
    result.flagged.sort((a, b) => a.index - b.index);
    return result;
  }

  /**
   * Sends a row of quarantine through the intake again as it stands there. What named somebody nobody knew then was read
   * already: it is kept as it was understood, not as it came.
   */
  async again(entry: QuarantineEntry, text: string, door: Door): Promise<BatchResult> {
    const result = nothingYet();
    if (entry.door === deliveriesDoor) {
      await this.#acceptEngagements([{ index: 0, event: JSON.parse(text) as Engagement }], result);
    } else if (entry.door === 'opt-outs') {
      const incoming = JSON.parse(text) as Incoming;
      const { flags } = incoming.request;
      await this.#acceptChanges([{ index: 0, change: { kind: 'permission', incoming, flags } }], result);
    } else return this.accept(parseBatch(Buffer.from(text)), door, entry.receivedAt);
    return result;
  }

  /**
   * Ends the pause that lasts for as long as the entry is open.
   * @param why who looked at it, and what they made of it
   * @throws BusyError while the pause itself waits to be decided
   */
  async endPause(entry: QuarantineEntry, text: string, why: string): Promise<void> {
    if (entry.code !== 'untrusted') return;
    const [pause] = await this.engine.query('events/known_ids', { ids: pauseIdOf(entry.id) });
    if (pause !== undefined) {
      const { decision } = pause;
      await this.optOuts.submit([endOfPause(entry, text, { decision, why, now: Date.now() })]);
    } else if (this.lanes.isBehind('decisions')) {
      throw new BusyError('The pause that goes with it is not decided yet.', 10);
    }
  }

  async #acceptEngagements(
    rows: readonly { index: number; event: Engagement }[],
    result: BatchResult,
  ): Promise<void> {
    if (rows.length === 0) return;
    const settled = await this.#lane.submit(rows.map(({ event }) => event));
    this.#confirm(settled.flatMap((one) => (one.state === 'done' ? [one.result] : [])));
    await this.#holdBounced(rows, settled);
    for (const [position, one] of settled.entries()) {
      const row = rows[position];
      if (row === undefined) continue;
      if (row.event.flags.length > 0) result.flagged.push({ index: row.index, flags: row.event.flags });
      if (one.state !== 'done') result.pending++;
      else if (one.result.state === 'stored') result.accepted++;
      else if (one.result.state === 'duplicate') result.duplicates++;
      else {
        const { code, field, detail, quarantineId } = one.result;
        result.rejected.push({ index: row.index, code, field, detail, quarantine_id: quarantineId });
      }
    }
  }

  async #acceptChanges(
    rows: readonly { index: number; change: PermissionChange }[],
    result: BatchResult,
  ): Promise<void> {
    const outcomes = await this.optOuts.submit(rows.map(({ change }) => change.incoming));
    for (const [position, outcome] of outcomes.entries()) {
      const row = rows[position];
      if (row === undefined) continue;
      const flags = outcome.state === 'decided' ? outcome.decision.flags : row.change.flags;
      if (flags.length > 0) result.flagged.push({ index: row.index, flags });
      if (outcome.state === 'decided') result.accepted++;
      else if (outcome.state === 'duplicate') result.duplicates++;
      else if (outcome.state === 'pending') result.pending++;
      else {
        const { code, field, detail, quarantineId } = outcome;
        result.rejected.push({ index: row.index, code, field, detail, quarantine_id: quarantineId });
      }
    }
  }

  /** What bounced again and again is held before the batch is answered; with the engine away, at the next bounce. */
  async #holdBounced(
    rows: readonly { event: Engagement }[],
    settled: readonly Settled<EngagementOutcome>[],
  ): Promise<void> {
    const stored = rows.flatMap(({ event }, position): StoredBounce[] => {
      const one = settled[position];
      return one?.state === 'done' && one.result.state === 'stored'
        ? [{ event, subject: one.result.subject }]
        : [];
    });
    try {
      const holds = await holdsFor(stored, this.softBounces, this.engine, Date.now());
      await this.optOuts.submit(holds);
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
    }
  }

  #confirm(results: readonly EngagementOutcome[]): void {
    const stored = results.filter((one) => one.state === 'stored');
    this.directory.confirm(stored.map((one) => one.subject));
    this.streams.confirm(stored.map((one) => one.streamKey));
    this.optOuts.recounts.delivered(
      stored.flatMap(({ subject, deliveredAt, messageId }) =>
        deliveredAt === null ? [] : [{ person: subject.person, at: deliveredAt, messageId }],
      ),
    );
  }
}

/** The event of a row, with what its door knows beside it. */
function normaliseRow(
  { value, ...known }: Extract<Row, { value: unknown }>,
  door: Door,
  receivedAt: number,
): Normalised {
  const { who, tolerance = door.tolerance } = known;
  const event = normaliseEvent(value, known.receivedAt ?? receivedAt, {
    ...door,
    tolerance,
    ...(who === undefined ? {} : { who }),
  });
  if (event.kind === 'refused') return event;
  event.flags.push(...(known.flags ?? []));
  if (event.kind === 'permission' && known.receivedAt !== undefined) event.incoming.acceptedAt = receivedAt;
  return event;
}

const nothingYet = (): BatchResult => ({
  accepted: 0,
  duplicates: 0,
  pending: 0,
  rejected: [],
  flagged: [],
});

function notJson(fault: string): Refused {
  return { kind: 'refused', code: 'invalid', field: undefined, detail: fault };
}

function rejection(index: number, refusal: Refused, quarantineId: string | undefined): Rejection {
  return {
    index,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
    ...(quarantineId === undefined ? {} : { quarantine_id: quarantineId }),
  };
}
