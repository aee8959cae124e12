import { spellCauses } from '@secateur/backend/contract';
import type { Spell } from './spell-table.js';

/** Ledgers in milliseconds, as somebody would write them on paper. */
export interface Ledger {
  readonly deliveries: readonly {
    person: number;
    stream: string;
    at: number;
    known: number;
    segments: string[];
  }[];
  readonly edges: readonly {
    person: number;
    stream: string;
    at: number;
    known: number;
    open: boolean;
    cause: string;
  }[];
  readonly memberships: readonly {
    person: number;
    segment: string;
    seq: number;
    at: number;
    known: number;
    inside: boolean;
  }[];
}

export interface Asked {
  readonly stream: string;
  readonly segment: string;
  readonly asOf: number;
  readonly knownAt: number;
  readonly whileInSegment: boolean;
  readonly unit: number;
}

interface Stretch {
  began: number;
  ended: number;
  cause: number;
}

/** The spells that a curve counts, person by person and edge by edge. The twin of the statements' first half. */
export function naiveSpells(ledger: Ledger, asked: Asked): Spell[] {
  const known = <Item extends { at: number; known: number }>(all: readonly Item[]): Item[] =>
    all.filter(({ at, known }) => at <= asked.asOf && known <= asked.knownAt);
  const deliveries = known(ledger.deliveries);
  const edges = known(ledger.edges);
  const places = new Set([...deliveries, ...edges].map(({ person, stream }) => `${person} ${stream}`));
  return [...places].flatMap((place) => {
    const [person, stream] = [Number(place.split(' ')[0]), place.split(' ')[1]];
    if (asked.stream !== '' && asked.stream !== stream) return [];
    const here = (one: { person: number; stream: string }) => one.person === person && one.stream === stream;
    const first = Math.min(...deliveries.filter(here).map(({ at }) => at));
    const stretches = stretchesOf(first, edges.filter(here), asked.asOf);
    if (asked.segment === '') return stretches.map((one) => spellOf(one, one.began, one.ended, asked.unit));
    const inside = spansOf(deliveries, known(ledger.memberships), person, asked.segment);
    return stretches.flatMap((one) => {
      const met = inside.filter(({ from, to }) => to > one.began && from <= one.ended);
      return (asked.whileInSegment ? met : met.slice(0, 1)).flatMap(({ from, to }) => {
        const until = asked.whileInSegment ? Math.min(to, one.ended) : one.ended;
        return spellOf(one, Math.max(from, one.began), until, asked.unit);
      });
    });
  });
}

function spellOf({ began, ended, cause }: Stretch, from: number, until: number, unit: number): Spell {
  return {
    entry: from === began ? null : Math.floor((from - began) / unit),
    exit: Math.ceil((until - began) / unit),
    cause: until < ended ? 0 : cause,
  };
}

function stretchesOf(first: number, edges: Ledger['edges'], asOf: number): Stretch[] {
  const rank = ({ open, cause }: { open: boolean; cause: string }) =>
    open ? (cause === 'undo' ? 9 : 8) : (spellCauses as readonly string[]).indexOf(cause) + 1;
  const inTurn = [...edges].sort((a, b) => a.at - b.at || rank(a) - rank(b));
  const found: Stretch[] = [];
  let isOpen = false;
  const open = (at: number) => {
    found.push({ began: at, ended: asOf, cause: 0 });
    isOpen = true;
  };
  if (first <= (inTurn[0]?.at ?? Number.POSITIVE_INFINITY) && Number.isFinite(first)) open(first);
  for (const edge of inTurn) {
    const last = found.at(-1);
    if (edge.open === isOpen) continue;
    if (!edge.open && last !== undefined) Object.assign(last, { ended: edge.at, cause: rank(edge) });
    else if (edge.cause === 'undo' && last !== undefined) Object.assign(last, { ended: asOf, cause: 0 });
    else if (edge.open) open(edge.at);
    isOpen = edge.open;
  }
  return found;
}

function spansOf(
  deliveries: Ledger['deliveries'],
  memberships: Ledger['memberships'],
  person: number,
  segment: string,
): { from: number; to: number }[] {
  const looks = segment.includes(':')
    ? deliveries
        .filter((one) => one.person === person)
        .map(({ at, segments }) => ({ place: at, at, inside: segments.includes(segment) }))
    : memberships
        .filter((one) => one.person === person && one.segment === segment)
        .map(({ seq, at, inside }) => ({ place: seq, at, inside }));
  const spans: { from: number; to: number }[] = [];
  let isInside = false;
  for (const { at, inside } of looks.sort(
    (a, b) => a.place - b.place || Number(a.inside) - Number(b.inside),
  )) {
    if (inside && !isInside) spans.push({ from: at, to: Number.POSITIVE_INFINITY });
    if (!inside && isInside) Object.assign(spans.at(-1) ?? {}, { to: at });
    isInside = inside;
  }
  return spans;
}
