import { canonicalSelector, type Selector } from '../contract/selectors.js';
import type { LegalBasis } from '../contract/vocabulary.js';
import type { CataloguedStream } from '../streams/stream.js';
import {
  type AskedKind,
  type FloorRow,
  fallbackRow,
  floorTable,
  type Scope,
  type Signal,
  TCPA_WAIVER_ENDS,
} from './floor-table.js';
import { type Jurisdictions, type Region, regionsOf } from './jurisdiction.js';
import type { FloorFinding, FloorSettings, OptOutRequest } from './request.js';

/** What was not known and made a decision wider. */
export type Widening = 'jurisdiction' | 'legal_basis' | 'all_option' | 'stream';

export interface FloorResult {
  findings: FloorFinding[];
  widenedFor: Widening[];
}

const consentBases: readonly LegalBasis[] = ['explicit_consent', 'double_opt_in', 'consent'];

/** Flag of a request whose trigger was given and could not be read. */
const unreadTrigger = 'unreadable:trigger';

/** Triggers that say nothing about the person's wish; on an explicit opt-out they contradict it. */
const noWish: readonly Signal[] = [
  'not_spam',
  'auth_failure',
  'hard_bounce',
  'soft_bounce',
  'bounce_unclassified',
  'delivery_delayed',
  'resubscribe',
  'delivered',
  'opened',
  'clicked',
  'auto_reply',
];

/**
 * The signal of a request: its trigger where type and trigger agree. An opt-out without a trigger came from a product's
 * own surface and names a stream. null: the request takes nothing away (opt-in, pause, cap).
 */
export function signalOf(request: OptOutRequest): Signal | null {
  switch (request.type) {
    case 'opted_in':
    case 'paused':
    case 'capped':
    case 'undone':
      return null;
    case 'erased':
      return 'erasure_request_art17';
    case 'consent_expired':
      return 'consent_expired';
    case 'bounced':
      return bounceSignal(request);
    case 'complained':
      // INV-ARF-1: a report that says "not spam" or "authentication failed" is no complaint.
      if (request.trigger === 'not_spam' || request.trigger === 'auth_failure') return request.trigger;
      return request.trigger === 'complaint_optout' ? 'complaint_optout' : 'complaint';
    case 'opted_out': {
      if (request.trigger === null && request.flags.includes(unreadTrigger)) return 'unclassified';
      const trigger = request.trigger ?? 'stream_unsubscribe';
      return noWish.includes(trigger) ? 'unclassified' : trigger;
    }
  }
}

function bounceSignal(request: OptOutRequest): Signal {
  if (request.bounce === 'hard') return 'hard_bounce';
  if (request.bounce === null && request.trigger === 'hard_bounce') return 'hard_bounce';
  return request.trigger === 'delivery_delayed' || request.trigger === 'bounce_unclassified'
    ? request.trigger
    : 'soft_bounce';
}

/**
 * The rows of the floor table that apply to a request, and the selectors that each demands. Several possible
 * jurisdictions: the union of their floors (INV-FLOOR-2).
 */
export function floor(
  request: OptOutRequest,
  stream: CataloguedStream | null,
  jurisdictions: readonly string[],
  settings: FloorSettings,
): FloorFinding[] {
  return apply(request, stream, jurisdictions, settings).map((match) => match.finding);
}

/** The floor, and what was missing that made it wider: what the page names beside the setting that would avoid it. */
export function explainedFloor(
  request: OptOutRequest,
  stream: CataloguedStream | null,
  where: Jurisdictions,
  settings: FloorSettings,
): FloorResult {
  const matches = apply(request, stream, where.jurisdictions, settings);
  const widened = new Set<Widening>();
  const guessed = where.from !== 'subscriber' && where.from !== 'phone';
  if (guessed && differsByRegion(matches, regionsOf(where.jurisdictions))) widened.add('jurisdiction');
  for (const { rows, lostStream } of matches) {
    for (const row of rows) {
      if (row.streamKnown === false) widened.add('stream');
      if (row.basis === 'other' && legalBasis(request, stream) === null) widened.add('legal_basis');
      if (row.allOption === false && isAllOptionUnknown(request, stream)) widened.add('all_option');
    }
    if (lostStream) widened.add('stream');
  }
  // A stream that is not known, or that registered itself, says neither: naming or reviewing it would say both.
  const isSilent = widened.has('legal_basis') || widened.has('all_option');
  if (isSilent && !(stream?.reviewed ?? false)) widened.add('stream');
  return { findings: matches.map((match) => match.finding), widenedFor: [...widened] };
}

interface Match {
  finding: FloorFinding;
  /** The entries that were read: the row itself, or those that it stands for. */
  rows: FloorRow[];
  regions: Region[];
  lostStream: boolean;
}

interface Circumstances {
  signal: Signal;
  asked: AskedKind;
  request: OptOutRequest;
  stream: CataloguedStream | null;
  allOption: boolean;
  basis: 'consent' | 'other';
  message: 'marketing' | 'informational';
  waiver: boolean;
  picksPurpose: boolean;
}

function apply(
  request: OptOutRequest,
  stream: CataloguedStream | null,
  jurisdictions: readonly string[],
  settings: FloorSettings,
): Match[] {
  const signal = signalOf(request);
  if (signal === null) return [];
  const basis = legalBasis(request, stream);
  const now: Circumstances = {
    signal,
    asked: askedKind(request),
    request,
    stream,
    allOption: request.allOptionShown ?? stream?.allOptionShown ?? false,
    basis: basis !== null && consentBases.includes(basis) ? 'consent' : 'other',
    message:
      stream?.class === 'informational' || stream?.class === 'essential' ? 'informational' : 'marketing',
    waiver: isWaiverUsed(request, stream, settings),
    picksPurpose:
      Array.isArray(request.asked) &&
      request.asked.some((pick) => pick.category !== undefined && pick.channel === undefined),
  };
  const possible = regionsOf(jurisdictions);
  const found: Match[] = [];
  for (const row of floorTable) {
    const matched = row.as === undefined ? one(row, now, possible) : standIn(row, row.as, now, possible);
    if (matched !== null) found.push(matched);
  }
  // A part of the union that no row covers, for example a region that the table does not name for this channel.
  const covered = new Set(found.flatMap((match) => match.regions));
  const bare = possible.filter((region) => !covered.has(region));
  if (found.length === 0 || bare.length > 0) {
    found.push(match(fallbackRow, [fallbackRow], fallbackRow.scope, bare.length > 0 ? bare : possible, now));
  }
  return found;
}

function one(row: FloorRow, now: Circumstances, possible: readonly Region[]): Match | null {
  if (!row.signals.includes(now.signal)) return null;
  const regions = holdsIn(row, now, possible);
  return regions.length === 0 ? null : match(row, [row], row.scope, regions, now);
}

function standIn(
  row: FloorRow,
  as: NonNullable<FloorRow['as']>,
  now: Circumstances,
  possible: readonly Region[],
): Match | null {
  if (!row.signals.includes(now.signal)) return null;
  const own = holdsIn(row, now, possible);
  if (own.length === 0) return null;
  const rows: FloorRow[] = [];
  const regions = new Set<Region>();
  for (const other of floorTable) {
    if (!as.rows.includes(other.row) || !other.signals.includes(as.readAs)) continue;
    // Row 13 reads the rows about texts for calls too.
    const found = holdsIn({ ...other, channels: row.channels }, now, own);
    if (found.length === 0) continue;
    rows.push(other);
    for (const region of found) regions.add(region);
  }
  if (rows.length === 0) return null;
  return match(row, rows, [...new Set(rows.flatMap((other) => other.scope))], [...regions], now);
}

/** The possible regions in which the conditions of a row hold; its signals are checked by the caller. */
function holdsIn(row: FloorRow, now: Circumstances, possible: readonly Region[]): Region[] {
  const { request } = now;
  if (row.asked !== undefined && !row.asked.includes(now.asked)) return [];
  if (row.madeBy !== undefined && !row.madeBy.includes(request.madeBy)) return [];
  if (row.channels !== undefined && !row.channels.includes(request.channel)) return [];
  if (row.streamKnown !== undefined && row.streamKnown !== (now.stream !== null)) return [];
  if (row.allOption !== undefined && row.allOption !== now.allOption) return [];
  if (row.allOptionDenied === true && request.allOptionShown !== false) return [];
  if (row.basis !== undefined && row.basis !== now.basis) return [];
  if (row.message !== undefined && row.message !== now.message) return [];
  if (row.waiver !== undefined && row.waiver !== now.waiver) return [];
  if (row.picksPurpose === true && !now.picksPurpose) return [];
  const named = row.regions;
  return named === undefined ? [...possible] : possible.filter((region) => named.includes(region));
}

function match(
  row: FloorRow,
  rows: FloorRow[],
  scope: readonly Scope[],
  regions: Region[],
  now: Circumstances,
): Match {
  const selectors = new Set<string>();
  for (const name of scope) {
    for (const selector of selectorsOf(name, now.request, now.stream))
      selectors.add(canonicalSelector(selector));
  }
  const strong = rows.some((other) => other.strength === 'strong');
  return {
    finding: {
      row: row.row,
      why: row.why,
      scope: scope.join(' + '),
      selectors: [...selectors],
      bindsPerson: rows.some((other) => other.bindsPerson === true),
      strength: strong ? 'strong' : row.strength,
      basis: row.basisText,
      source: row.source,
    },
    rows,
    regions,
    // A complaint stops the channel anyway.
    lostStream:
      now.stream === null &&
      (scope.includes('STREAM') || scope.includes('PURPOSE')) &&
      !scope.includes('CHAN'),
  };
}

/** The selectors of a scope of the floor table, for a request and its stream. */
export function selectorsOf(
  scope: Scope,
  request: OptOutRequest,
  stream: CataloguedStream | null,
): readonly Selector[] {
  const { channel } = request;
  switch (scope) {
    case 'STREAM':
      return stream === null ? selectorsOf('CHAN', request, null) : [streamSelector(stream)];
    case 'PURPOSE':
      return stream === null ? selectorsOf('CHAN', request, null) : [{ channel, category: stream.category }];
    case 'TOPIC':
      if (stream === null) return selectorsOf('TEXTS_AND_CALLS', request, null);
      return [
        { channel: 'sms', category: stream.category },
        { channel: 'voice', category: stream.category },
      ];
    case 'CHAN':
      return [{ class: 'commercial', channel }];
    case 'CHAN+':
      return [{ channel }];
    case 'TEXTS_AND_CALLS':
      return [{ channel: 'sms' }, { channel: 'voice' }];
    case 'SOLICITATIONS':
      return [
        { class: 'commercial', channel: 'voice' },
        { class: 'commercial', channel: 'sms' },
      ];
    case 'DM':
      return [{ class: 'commercial' }, { class: 'profiling' }];
    case 'GPC':
      return [{ class: 'profiling' }];
    case 'ADDR':
      return [{}];
    case 'ASKED':
      return Array.isArray(request.asked) ? request.asked : [];
    case 'NONE':
      return [];
  }
}

export function streamSelector(stream: {
  channel: CataloguedStream['channel'];
  category: string;
  origin: string;
}): Selector {
  return { channel: stream.channel, category: stream.category, origin: stream.origin };
}

export function askedKind(request: OptOutRequest): AskedKind {
  return Array.isArray(request.asked) ? 'picks' : request.asked;
}

function legalBasis(request: OptOutRequest, stream: CataloguedStream | null): LegalBasis | null {
  return request.legalBasis ?? stream?.legalBasis ?? null;
}

/** A stream that does not say that its templates show an all-option may simply not have been asked. */
function isAllOptionUnknown(request: OptOutRequest, stream: CataloguedStream | null): boolean {
  return request.allOptionShown === null && stream?.allOptionShown !== true;
}

function isWaiverUsed(
  request: OptOutRequest,
  stream: CataloguedStream | null,
  settings: FloorSettings,
): boolean {
  if (settings.tcpaWaiverUntil === null || stream === null) return false;
  return request.receivedAt < Math.min(settings.tcpaWaiverUntil, TCPA_WAIVER_ENDS);
}

/** Would knowing the region have made the floor smaller? */
function differsByRegion(matches: readonly Match[], possible: readonly Region[]): boolean {
  if (possible.length < 2) return false;
  const all = new Set(matches.flatMap((one) => one.finding.selectors)).size;
  return possible.some((region) => {
    const here = matches
      .filter((one) => one.regions.includes(region))
      .flatMap((one) => one.finding.selectors);
    return new Set(here).size < all;
  });
}
