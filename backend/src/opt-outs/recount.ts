import type { Queries } from '@secateur/sql';
import type { Statement } from '../permissions/statement.js';
import type { CataloguedStream } from '../streams/stream.js';
import { streamOf } from './decide.js';
import { type Figures, figures, isBefore } from './figures.js';
import type { CountedRequest, Delivery, Facts, OptOutRequest } from './request.js';

export type CountedRow = Queries['opt-outs/requests_to_recount']['row'];

/** A request and what was known when it was decided, as the decision's row has it. */
export interface Recorded {
  row: CountedRow;
  request: OptOutRequest;
  facts: Omit<Facts, 'streams' | 'statements' | 'rules'> & { stream_versions: Record<string, number> };
}

/** What is known by now of one person. */
export interface KnownNow {
  streams: readonly CataloguedStream[];
  /** Of the person and of every address that a request was about. */
  statements: readonly Statement[];
  deliveries: readonly Delivery[];
  exposed: ReadonlyMap<string, number>;
}

export interface Recounted {
  row: CountedRow;
  figures: Figures;
}

export function recordedOf(row: CountedRow): Recorded {
  const { request, ...facts } = JSON.parse(row.facts) as Recorded['facts'] & { request: OptOutRequest };
  return { row, request, facts };
}

/** Everybody and every address that the request may have bound. */
export function subjectsOfRecorded({ facts }: Recorded): string[] {
  const { person, identifier, identifiers, elsewhere, others } = facts;
  const ids = [person, identifier, ...Object.values(identifiers), ...Object.values(elsewhere ?? {})];
  return [...ids.flatMap((id) => id ?? []), ...(others ?? [])];
}

/**
 * The requests of one person that count as something else by what is known now. Each finds what those before it left: in
 * the order in which they were made, whatever the order in which they arrived.
 */
export function recount(recorded: readonly Recorded[], known: KnownNow): Recounted[] {
  const requests = new Map<string, CountedRequest>(
    recorded.map(({ row }) => [row.decision, { ...orderOf(row), decision: row.decision, delivery: '' }]),
  );
  return [...recorded]
    .sort((a, b) => (isBefore(orderOf(a.row), orderOf(b.row)) ? -1 : 1))
    .flatMap((one) => {
      const { row, request } = one;
      const facts: Facts = {
        ...one.facts,
        ...known,
        spells: [],
        attributed: [],
        requests: [...requests.values()],
        stoodThen: new Set(Object.keys(one.facts.stream_versions)),
        rules: { id: '', rules: [] },
      };
      const own = known.statements.filter(({ decision }) => decision === row.decision);
      const found = figures(request, facts, streamOf(request, facts), own);
      requests.set(row.decision, {
        ...orderOf(row),
        decision: row.decision,
        delivery: found.attributed?.id ?? '',
      });
      return isSame(row, found) ? [] : [{ row, figures: found }];
    });
}

const orderOf = (row: CountedRow) => ({ orderAt: Date.parse(row.order_at), eventId: row.event_id });

const isSame = (row: CountedRow, { attributed, unsolicited, keptByScoping, stops }: Figures): boolean =>
  row.attributed_delivery === (attributed?.id ?? '') &&
  row.unsolicited === unsolicited &&
  row.kept_by_scoping === keptByScoping &&
  row.stops === stops;
