import { logRank, quantile, readAt, restrictedMean } from '@secateur/backend/survival';
import type { CurveRow, Spell, SpellTable } from '../support/spell-table.js';
import type { Datum, Fit, Incidence, KmCase, RiskCase, Test } from './references.js';
import { tied } from './tied-times.js';

/** Compares figure by figure; where R has none, we have none. */
export class Comparison {
  values = 0;
  largest = 0;
  readonly faults: string[] = [];

  /** Differences of figures above 1 are relative: they are given to fifteen digits. */
  figure(where: string, ours: number | null | undefined, theirs: number | null | undefined): void {
    this.values += 1;
    if (theirs === null || theirs === undefined || ours === null || ours === undefined) {
      if ((ours ?? null) !== (theirs ?? null)) this.faults.push(`${where}: ${ours} is not ${theirs}`);
      return;
    }
    const difference = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
    if (!(difference <= 1e-9)) this.faults.push(`${where}: ${ours} is not ${theirs}`);
    this.largest = Math.max(this.largest, difference);
  }

  figures(
    where: string,
    ours: readonly (number | null | undefined)[],
    theirs: readonly (number | null)[],
  ): void {
    if (ours.length !== theirs.length) this.faults.push(`${where}: ${ours.length} and not ${theirs.length}`);
    for (const [index, each] of theirs.entries()) this.figure(`${where}[${index}]`, ours[index], each);
  }
}

/** Everybody is curve 1, the groups follow in the order of their names. */
async function fill(table: SpellTable, data: readonly Datum[], groups: readonly string[]): Promise<void> {
  const time = tied(data.flatMap(({ entry, exit }) => (entry === null ? [exit] : [entry, exit])));
  await table.fill(
    data.flatMap(({ entry, exit, cause, weight, group }): Spell[] => {
      const spell = { entry: entry === null ? null : time(entry), exit: time(exit), cause, weight };
      const place = groups.indexOf(group);
      return [{ ...spell, curve: 1 }, ...(place === -1 ? [] : [{ ...spell, curve: place + 2 }])];
    }),
  );
}

export async function compareKaplanMeier(
  table: SpellTable,
  { expected, data }: { expected: KmCase; data: readonly Datum[] },
  found: Comparison,
): Promise<void> {
  const groups = Object.keys(expected.by_group ?? {}).sort();
  await fill(table, data, groups);
  const rows = await table.curves();
  compareFit(
    'all',
    rows.filter(({ curve }) => curve === 1),
    expected.all,
    found,
  );
  for (const [index, name] of groups.entries()) {
    const fit = expected.by_group?.[name];
    if (fit !== undefined)
      compareFit(
        name,
        rows.filter(({ curve }) => curve === index + 2),
        fit,
        found,
      );
  }
  for (const test of [expected.logrank?.rho0, expected.logrank_left_truncated]) {
    if (test === undefined) continue;
    await fillGroups(table, data, test.groups);
    compareTest(await table.logRank(test.groups.length), test, found);
  }
}

async function fillGroups(
  table: SpellTable,
  data: readonly Datum[],
  groups: readonly string[],
): Promise<void> {
  const time = tied(data.flatMap(({ entry, exit }) => (entry === null ? [exit] : [entry, exit])));
  await table.fill(
    data.map(({ entry, exit, cause, weight, group }) => ({
      entry: entry === null ? null : time(entry),
      exit: time(exit),
      cause,
      weight,
      curve: groups.indexOf(group) + 1,
    })),
  );
}

function compareFit(where: string, rows: readonly CurveRow[], fit: Fit, found: Comparison): void {
  found.figure(`${where} n`, rows[0]?.n, fit.n);
  const columns: Record<string, (row: CurveRow) => number | null> = {
    time: ({ t }) => t,
    n_risk: ({ at_risk }) => at_risk,
    n_event: ({ events }) => events,
    n_censor: ({ censored }) => censored,
    surv: ({ survival }) => survival,
    greenwood_se_surv: ({ std_error }) => std_error,
    se_log_surv: ({ std_error, survival }) => (std_error === null ? null : std_error / survival),
    na_cumhaz: ({ nelson_aalen }) => nelson_aalen,
    na_se: ({ nelson_aalen_error }) => nelson_aalen_error,
  };
  for (const [name, column] of Object.entries(columns)) {
    const theirs = fit.curve[name];
    if (theirs !== undefined) found.figures(`${where} ${name}`, rows.map(column), theirs);
  }
  for (const { tau, rmst, se } of fit.rmst ?? []) {
    const mean = restrictedMean(rows, tau);
    found.figure(`${where} mean to ${tau}`, mean.value, rmst);
    found.figure(`${where} error of the mean to ${tau}`, mean.std_error, se);
  }
  const band = fit.ci?.loglog;
  if (band !== undefined) {
    found.figures(
      `${where} lower`,
      rows.map(({ lower }) => lower),
      band.lower,
    );
    found.figures(
      `${where} upper`,
      rows.map(({ upper }) => upper),
      band.upper,
    );
    for (const [index, share] of band.quantile_probs.entries()) {
      const { value, lower, upper } = quantile(rows, share);
      found.figure(`${where} quantile ${share}`, value, band.quantile[index]);
      found.figure(`${where} lower quantile ${share}`, lower, band.quantile_lower[index]);
      found.figure(`${where} upper quantile ${share}`, upper, band.quantile_upper[index]);
    }
  }
  compareReadings(where, rows, fit, found);
}

function compareReadings(where: string, rows: readonly CurveRow[], fit: Fit, found: Comparison): void {
  const { times = [], ...at } = fit.at ?? {};
  const band = fit.ci?.loglog;
  for (const [index, time] of times.entries()) {
    if (time === null) continue;
    const { at_risk, point } = readAt(rows, time);
    const row = rows.find(({ t }) => t === point?.t);
    const reading = (
      name: string,
      ours: number | null | undefined,
      theirs: readonly (number | null)[] = [],
    ) => {
      if (theirs.length > 0) found.figure(`${where} ${name} at ${time}`, ours, theirs[index]);
    };
    reading('n_risk', at_risk, at.n_risk);
    reading('surv', row === undefined ? 1 : row.survival, at.surv);
    reading('se_surv', row === undefined ? 0 : row.std_error, at.se_surv);
    reading('cumhaz', row?.nelson_aalen ?? 0, at.cumhaz);
    reading('se_cumhaz', row?.nelson_aalen_error ?? 0, at.se_cumhaz);
    reading('lower', row === undefined ? 1 : row.lower, band?.at_lower);
    reading('upper', row === undefined ? 1 : row.upper, band?.at_upper);
  }
}

function compareTest(
  sums: Awaited<ReturnType<SpellTable['logRank']>>,
  expected: Pick<Test, 'observed' | 'expected' | 'var' | 'chisq' | 'df' | 'p'>,
  found: Comparison,
): void {
  found.figures('log-rank observed', sums.observed, expected.observed);
  found.figures('log-rank expected', sums.expected, expected.expected);
  found.figures('log-rank variance', sums.variance, expected.var.flat());
  const test = logRank(sums);
  found.figure('log-rank chi-square', test.chi_square, expected.chisq);
  found.figure('log-rank degrees', test.degrees, expected.df);
  found.figure('log-rank p', test.p, expected.p);
}

export async function compareCompetingRisks(
  table: SpellTable,
  { expected, data }: { expected: RiskCase; data: readonly Datum[] },
  found: Comparison,
): Promise<void> {
  const groups = Object.keys(expected.by_group ?? {}).sort();
  await fill(table, data, groups);
  const ofAll = await table.curves();
  const ofEach = await Promise.all(expected.causes.map((_, index) => table.curves({ causes: [index + 1] })));
  const compare = (where: string, curve: number, incidence: Incidence) => {
    const own = (rows: readonly CurveRow[]) => rows.filter((row) => row.curve === curve);
    found.figure(`${where} n`, own(ofAll)[0]?.n, incidence.n);
    for (const [index, time] of incidence.times.entries()) {
      const at = (rows: readonly CurveRow[]) => {
        const { point } = readAt(own(rows), time);
        return rows.find((row) => row.curve === curve && row.t === point?.t);
      };
      const row = at(ofAll);
      found.figure(`${where} event-free at ${time}`, row?.survival ?? 1, incidence.event_free_surv?.[index]);
      for (const [place, cause] of expected.causes.entries()) {
        const { cif = [], naive_1_minus_km: naive = [] } = incidence[cause] as Record<string, number[]>;
        const columns = [row?.opt_out, row?.complaint, row?.hard_bounce, row?.erasure, row?.consent_expiry];
        found.figure(`${where} ${cause} at ${time}`, columns[place] ?? 0, cif[index]);
        const alone = at(ofEach[place] ?? [])?.survival ?? 1;
        found.figure(`${where} ${cause} alone at ${time}`, 1 - alone, naive[index]);
      }
    }
  };
  compare('all', 1, expected.all);
  for (const [index, name] of groups.entries()) {
    const incidence = expected.by_group?.[name];
    if (incidence !== undefined) compare(name, index + 2, incidence);
  }
  await fillGroups(table, data, groups);
  for (const { cause, chisq, df } of expected.cause_specific_logrank ?? []) {
    const test = logRank(await table.logRank(groups.length, [expected.causes.indexOf(cause) + 1]));
    found.figure(`${cause} log-rank chi-square`, test.chi_square, chisq);
    found.figure(`${cause} log-rank degrees`, test.degrees, df);
  }
}
