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
    /** `opt_in`, or why it ends. */
    cause: string;
    grade: number;
    tolerance: number;
    subject: number;
    decision: number;
  }[];
  /** Decisions that were taken back. */
  readonly undone: readonly { decision: number; at: number; known: number }[];
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
  const undone = new Set(known(ledger.undone).map(({ decision }) => decision));
  const edges = known(ledger.edges).filter(({ decision }) => !undone.has(decision));
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
  type Line = Ledger['edges'][number];
  const code = ({ cause }: Line) => (spellCauses as readonly string[]).indexOf(cause) + 1;
  const lifts = (optIn: Line, ending: Line) =>
    optIn.subject === ending.subject &&
    optIn.grade >= ending.grade &&
    optIn.at - ending.at > Math.max(optIn.tolerance, ending.tolerance);
  /** Of two at one instant the delivery comes first and the opt-in last. */
  const rank = (line: Line) => (line.cause === 'opt_in' ? 8 : code(line));
  const inTurn = [...edges].sort((a, b) => a.at - b.at || rank(a) - rank(b));
  const found: Stretch[] = [];
  let isOpen = false;
  const open = (at: number) => {
    if (!isOpen) found.push({ began: at, ended: asOf, cause: 0 });
    isOpen = true;
  };
  let isExposed = !Number.isFinite(first);
  let standing: Line[] = [];
  for (const line of inTurn) {
    if (!isExposed && first <= line.at) {
      if (standing.length === 0) open(first);
      isExposed = true;
    }
    if (line.cause === 'opt_in') {
      standing = standing.filter((ending) => !lifts(line, ending));
      if (standing.length === 0) open(line.at);
      continue;
    }
    standing.push(line);
    if (isOpen) Object.assign(found.at(-1) ?? {}, { ended: line.at, cause: code(line) });
    isOpen = false;
  }
  if (!isExposed && standing.length === 0) open(first);
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
