import type { Spell } from './spell-table.js';

/** One time of a curve, straight from the definitions. */
export interface NaivePoint {
  t: number;
  at_risk: number;
  events: number;
  censored: number;
  survival: number;
  std_error: number | null;
  lower: number | null;
  upper: number | null;
  nelson_aalen: number;
  nelson_aalen_error: number;
  /** By cause, from cause 1 on. */
  incidence: number[];
}

/** Where a curve is shown: from the first time on at which enough are at risk, up to the first at which they are not. */
function shownTimes(spells: readonly Spell[], times: readonly number[], minAtRisk: number): number[] {
  const begins = times.findIndex((t) => atRisk(spells, t) >= minAtRisk);
  if (begins === -1) return [];
  const later = times.slice(begins);
  const ends = later.findIndex((t) => atRisk(spells, t) < minAtRisk);
  return ends === -1 ? later : later.slice(0, ends);
}

const atRisk = (spells: readonly Spell[], t: number): number =>
  spells.filter(({ entry, exit }) => (entry ?? Number.NEGATIVE_INFINITY) < t && t <= exit).length;

/**
 * Each figure by its definition, looking at every spell for every time: products for survival, sums for the rest. The twin
 * of the statement; it shares nothing with it.
 */
export function naiveCurve(given: readonly Spell[], causes: readonly number[], minAtRisk = 0): NaivePoint[] {
  const spells = given.filter(({ entry, exit }) => entry === null || entry === undefined || entry < exit);
  const times = [...new Set(spells.map(({ exit }) => exit))].sort((a, b) => a - b);
  const shown = shownTimes(spells, times, minAtRisk);
  return shown.map((t) => {
    const passed = shown.filter((each) => each <= t);
    const d = (at: number, which = causes) =>
      spells.filter(({ exit, cause }) => exit === at && which.includes(cause)).length;
    const n = (at: number) => atRisk(spells, at);
    const product = (upTo: readonly number[], which: readonly number[]) =>
      upTo.reduce((all, at) => (all * (n(at) - d(at, [...which]))) / n(at), 1);
    const sum = (term: (at: number) => number) => passed.reduce((all, at) => all + term(at), 0);
    const survival = product(passed, causes);
    const logError = Math.sqrt(sum((at) => d(at) / (n(at) * (n(at) - d(at)))));
    const z = 1.959963984540054;
    const bound = (side: number): number | null =>
      survival === 0 || survival === 1
        ? null
        : Math.exp(-Math.exp(Math.log(-Math.log(survival)) + (side * z * logError) / -Math.log(survival)));
    return {
      t,
      at_risk: n(t),
      events: d(t),
      censored: spells.filter(({ exit, cause }) => exit === t && !causes.includes(cause)).length,
      survival,
      std_error: survival === 0 ? null : survival * logError,
      lower: bound(1),
      upper: bound(-1),
      nelson_aalen: sum((at) => d(at) / n(at)),
      nelson_aalen_error: Math.sqrt(sum((at) => d(at) / n(at) ** 2)),
      incidence: [1, 2, 3, 4, 5].map((cause) =>
        sum(
          (at) =>
            (product(
              shown.filter((each) => each < at),
              [1, 2, 3, 4, 5],
            ) *
              d(at, [cause])) /
            n(at),
        ),
      ),
    };
  });
}

/** Observed, expected and variance of each curve, time by time. */
export function naiveLogRank(given: readonly Spell[], curves: number, causes: readonly number[]) {
  const spells = given.filter(({ entry, exit }) => entry === null || entry === undefined || entry < exit);
  const groups = Array.from({ length: curves }, (_, index) =>
    spells.filter(({ curve }) => (curve ?? 1) === index + 1),
  );
  const sums = {
    observed: groups.map(() => 0),
    expected: groups.map(() => 0),
    variance: groups.map(() => groups.map(() => 0)),
  };
  for (const t of new Set(spells.map(({ exit }) => exit))) {
    const d = groups.map(
      (group) => group.filter(({ exit, cause }) => exit === t && causes.includes(cause)).length,
    );
    const n = groups.map((group) => atRisk(group, t));
    const everyone = n.reduce((sum, one) => sum + one, 0);
    const ended = d.reduce((sum, one) => sum + one, 0);
    const scale = everyone > 1 ? (ended * (everyone - ended)) / (everyone - 1) : 0;
    for (const [i, own] of n.entries()) {
      sums.observed[i] = (sums.observed[i] ?? 0) + (d[i] ?? 0);
      sums.expected[i] = (sums.expected[i] ?? 0) + (ended * own) / everyone;
      const row = sums.variance[i] ?? [];
      for (const [j, other] of n.entries()) {
        row[j] = (row[j] ?? 0) + scale * (own / everyone) * ((i === j ? 1 : 0) - other / everyone);
      }
    }
  }
  return { ...sums, variance: sums.variance.flat() };
}
