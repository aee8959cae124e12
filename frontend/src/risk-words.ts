import type { RiskRow } from '@secateur/backend/contract';

/** How groups of features are called. */
const groups: Readonly<Record<string, string>> = {
  stream: 'the stream and its share',
  origin: 'where they signed up',
  segment: 'country and plan',
  season: 'the month',
  tenure: 'how long they are there',
  frequency: 'how often they are sent to',
  engagement: 'opens and clicks',
  timing: 'hour and weekday of sending',
  history: 'bounces and opt-outs before',
};
const mostReasons = 2;

/** The strongest reasons as odds: `× 1.4 how often they are sent to`. */
export function reasonWords(reasons: RiskRow['reasons'], locale?: string): string {
  const number = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 2 });
  const told = reasons
    .slice(0, mostReasons)
    .map(({ group, odds }) => `× ${number.format(odds)} ${groups[group] ?? group}`);
  return told.length === 0 ? 'nothing in particular' : told.join(', ');
}

/** Segments over all their streams, and streams of everybody: rows of both at once say the same twice. */
export function tellingRows(rows: readonly RiskRow[]): RiskRow[] {
  return rows.filter(({ segment, stream }) => (segment === '') !== (stream === null));
}
