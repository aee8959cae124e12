import { withoutComments } from './header-block.js';

/** RFC 5322 section 4.3, and what mailers write for them. In hours. */
const zones: Readonly<Record<string, string>> = {
  ut: '+0000',
  utc: '+0000',
  gmt: '+0000',
  z: '+0000',
  est: '-0500',
  edt: '-0400',
  cst: '-0600',
  cdt: '-0500',
  mst: '-0700',
  mdt: '-0600',
  pst: '-0800',
  pdt: '-0700',
};

const dateTime =
  /^(?:[a-z]{2,9},?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([+-]\d{4}|[a-z]{1,5})?/i;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The time of a mail (RFC 5322 section 3.3) as ISO 8601; without a zone where it names none that is known, so that it gets
 * the tolerance of every zone on earth; null when it is no time. The day of the week is not believed.
 *
 * @example mailDate('Thu, 29 Apr 2013 23:45:50 PST') // '2013-04-30T07:45:50.000Z'
 * @example mailDate('29 Apr 2013 23:45') // '2013-04-29T23:45:00'
 */
export function mailDate(value: string | null): string | null {
  if (value === null) return null;
  const found = dateTime.exec(withoutComments(value.slice(0, 200)).replace(/\s+/g, ' '));
  if (found === null) return null;
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '0', zone] = found;
  const monthAt = months.indexOf(month.toLowerCase());
  const local = Date.UTC(fullYear(year), monthAt, Number(day), Number(hour), Number(minute), Number(second));
  const sound =
    monthAt >= 0 && Number(day) <= 31 && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  if (!sound || Number.isNaN(local)) return null;
  const offset = offsetOf(zone);
  const at = new Date(local - (offset ?? 0) * 60_000).toISOString();
  return offset === null ? at.slice(0, 19) : at;
}

/** RFC 5322 section 4.3: two digits up to 49 are of this century, three count from 1900. */
function fullYear(year: string): number {
  const number = Number(year);
  if (year.length === 4) return number;
  return year.length === 2 && number < 50 ? 2000 + number : 1900 + number;
}

/** In minutes east of UTC; null where nobody knows. */
function offsetOf(zone: string | undefined): number | null {
  const known = zone === undefined ? undefined : /^[+-]/.test(zone) ? zone : zones[zone.toLowerCase()];
  if (known === undefined) return null;
  const [hours, minutes] = [Number(known.slice(1, 3)), Number(known.slice(3))];
  if (hours > 14 || minutes > 59) return null;
  return (known.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
