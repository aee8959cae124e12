/**
 * How numbers, shares and instants are written: in the reader's locale.
 * Every function takes the locale last, so that tests can fix it; the pages leave it to the browser.
 */

/** Sub-percent shares keep two significant decimals; from 10 % on one is enough. */
export function formatRate(value: number | null, locale?: string): string {
  if (value === null) return '–';
  const percent = Math.abs(value) * 100;
  const digits = percent === 0 ? 0 : percent < 0.1 ? 3 : percent < 10 ? 2 : 1;
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `0.38–0.46%`: the two ends of an interval with the precision of the wider one. */
export function formatInterval(lower: number | null, upper: number | null, locale?: string): string {
  if (lower === null || upper === null) return '–';
  const digits = upper < 0.001 ? 3 : upper < 0.1 ? 2 : 1;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number.format(lower * 100)}–${percent.format(upper)}`;
}

/** Percentage points with their sign: a rate that went from 0.40 % to 0.52 % rose by `+0.12 pp`. */
export function formatPoints(difference: number, locale?: string): string {
  const points = difference * 100;
  const digits = Math.abs(points) >= 10 ? 1 : Math.abs(points) < 0.1 ? 3 : 2;
  const text = new Intl.NumberFormat(locale, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(points);
  // The minus sign, not a hyphen: beside a plus it has the same width.
  return `${text.replace('-', '−')} pp`;
}

export function formatCount(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** `12.4K`: for axes and other narrow places. */
export function formatCompact(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function formatDuration(milliseconds: number | null, locale?: string): string {
  if (milliseconds === null) return '–';
  const [value, unit] =
    milliseconds < 1000
      ? [milliseconds, 'millisecond']
      : milliseconds < 60_000
        ? [milliseconds / 1000, 'second']
        : milliseconds < 3_600_000
          ? [milliseconds / 60_000, 'minute']
          : milliseconds < 48 * 3_600_000
            ? [milliseconds / 3_600_000, 'hour']
            : [milliseconds / 86_400_000, 'day'];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && unit !== 'millisecond' ? 1 : 0,
  }).format(value);
}

/**
 * Milliseconds since the epoch. Instants without a zone are UTC, as the database writes them.
 *
 * @throws RangeError when the text is no instant: a wrong time must not be drawn
 */
export function instant(text: string): number {
  const iso = text.includes('T') ? text : text.replace(' ', 'T');
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : iso.includes('T') ? `${iso}Z` : `${iso}T00:00:00Z`;
  const at = Date.parse(zoned);
  if (Number.isNaN(at)) throw new RangeError(`“${text}” is not an instant`);
  return at;
}

/** `12 s ago`, `5 min ago`, `yesterday`. */
export function formatAgo(at: number, now: number, locale?: string): string {
  const seconds = Math.round((at - now) / 1000);
  // A clock that runs a little ahead must not put a decision into the future.
  if (seconds > -2 && seconds < 60) return 'just now';
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  if (seconds > -60) return words.format(seconds, 'second');
  if (seconds > -3600) return words.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

/** The whole instant in the reader's zone, for tooltips. */
export function formatExact(at: number, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long', timeZone }).format(at);
}

export function formatClock(at: number, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(at);
}

/** `31 hr left`, `overdue by 3 hr`: whole units, rounded down, so that nobody is promised more time than there is. */
export function formatTimeLeft(deadline: number, now: number, locale?: string): string {
  const minutes = Math.floor(Math.abs(deadline - now) / 60_000);
  const [value, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1440), 'day'];
  const time = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  if (now > deadline) return minutes === 0 ? 'overdue' : `overdue by ${time}`;
  return minutes === 0 ? 'less than a minute left' : `${time} left`;
}
