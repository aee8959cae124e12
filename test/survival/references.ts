import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { cell, holds, type NamedSet, readRows, readSet, sumOf } from './named-set.js';

/** The part of a references.json that the service answers: what R's survival and cmprsk say of given data. */
const Numbers = z.array(z.number().nullable());
const Band = z.looseObject({
  quantile_probs: z.array(z.number()),
  quantile: Numbers,
  quantile_lower: Numbers,
  quantile_upper: Numbers,
  lower: Numbers,
  upper: Numbers,
  at_lower: Numbers.optional(),
  at_upper: Numbers.optional(),
});
const Fit = z.looseObject({
  n: z.number(),
  curve: z.looseObject({ time: Numbers, surv: Numbers }).catchall(Numbers),
  ci: z.looseObject({ loglog: Band.optional() }).optional(),
  at: z.record(z.string(), Numbers).optional(),
  rmst: z
    .array(z.object({ tau: z.number(), rmst: z.number().nullable(), se: z.number().nullable() }))
    .optional(),
});
export type Fit = z.infer<typeof Fit>;
const Test = z.looseObject({
  groups: z.array(z.string()),
  observed: Numbers,
  expected: Numbers,
  var: z.array(Numbers),
  chisq: z.number().nullable(),
  df: z.number(),
  p: z.number().nullable(),
});
export type Test = z.infer<typeof Test>;
const Group = z.array(z.union([z.string(), z.number()]));
const KmCase = z.looseObject({
  data: z
    .object({
      time: z.array(z.number()),
      event: z.array(z.union([z.number(), z.boolean()])),
      entry: z.array(z.number()).nullish(),
      group: Group.nullish(),
      weight: z.array(z.number()).nullish(),
    })
    .optional(),
  source: z.custom<NamedSet>().optional(),
  all: Fit,
  by_group: z.record(z.string(), Fit).optional(),
  logrank: z.looseObject({ rho0: Test }).optional(),
  logrank_left_truncated: Test.optional(),
});
export type KmCase = z.infer<typeof KmCase>;
const Incidence = z.looseObject({
  n: z.number(),
  times: z.array(z.number()),
  event_free_surv: Numbers.optional(),
});
export type Incidence = z.infer<typeof Incidence>;
const RiskCase = z.looseObject({
  file: z.string().nullish(),
  causes: z.array(z.string()),
  data: z
    .object({
      time: z.array(z.number()),
      cause: z.array(z.number()),
      entry: z.array(z.number()).nullish(),
      group: Group.nullish(),
    })
    .optional(),
  all: Incidence,
  by_group: z.record(z.string(), Incidence).optional(),
  cause_specific_logrank: z
    .array(z.object({ cause: z.string(), chisq: z.number(), df: z.number() }))
    .optional(),
});
export type RiskCase = z.infer<typeof RiskCase>;

/** One person or row of a data set; `cause` is 0 where it is censored. */
export interface Datum {
  readonly entry: number | null;
  readonly exit: number;
  readonly cause: number;
  readonly weight: number;
  readonly group: string;
}

export interface References {
  readonly kaplanMeier: ReadonlyMap<string, { expected: KmCase; data: Datum[] }>;
  readonly competing: ReadonlyMap<string, { expected: RiskCase; data: Datum[] }>;
}

/** @throws Error that names what cannot be read: a case that is passed over would look like one that agrees */
export function readReferences(file: string): References {
  const { survival } = z
    .looseObject({
      survival: z.looseObject({
        km_cases: z.record(z.string(), KmCase),
        competing_risks: z.record(z.string(), z.unknown()).optional(),
      }),
    })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const folder = dirname(resolve(file));
  const risks = Object.entries(survival.competing_risks ?? {}).flatMap(([name, each]) => {
    // Coefficients of regressions stand beside the curves.
    if (typeof each !== 'object' || each === null || !('all' in each)) return [];
    const expected = RiskCase.parse(each);
    return [[name, { expected, data: competingData(folder, expected) }] as const];
  });
  return {
    kaplanMeier: new Map(
      Object.entries(survival.km_cases).map(([name, expected]) => [
        name,
        { expected, data: kaplanMeierData(folder, name, expected) },
      ]),
    ),
    competing: new Map(risks),
  };
}

function kaplanMeierData(folder: string, name: string, { data, source }: KmCase): Datum[] {
  if (data !== undefined) {
    return data.time.map((exit, index) => ({
      entry: data.entry?.[index] ?? null,
      exit,
      cause: Number(data.event[index] ?? 0) === 0 ? 0 : 1,
      weight: data.weight?.[index] ?? 1,
      group: String(data.group?.[index] ?? ''),
    }));
  }
  if (source === undefined) throw new Error(`${name} has neither data nor a source`);
  const rows = readSet(folder, source);
  const isKept = /^[\w.]+>/.test(source.note ?? '') ? (source.note ?? '') : null;
  return rows
    .filter((row) => isKept === null || holds(row, isKept))
    .map((row) => ({
      entry: source.entry == null ? null : sumOf(row, source.entry),
      exit: sumOf(row, source.time),
      cause: holds(row, source.event) ? 1 : 0,
      weight: 1,
      group: source.group == null ? '' : cell(row, source.group),
    }));
}

function competingData(folder: string, { file, data }: RiskCase): Datum[] {
  const datum = (exit: number, cause: number, group: string, entry: number | null = null): Datum => ({
    entry,
    exit,
    cause,
    weight: 1,
    group,
  });
  if (data !== undefined) {
    return data.time.map((exit, index) =>
      datum(exit, data.cause[index] ?? 0, String(data.group?.[index] ?? ''), data.entry?.[index] ?? null),
    );
  }
  // The one set with two clocks: progression, else death without it.
  return readRows(resolve(folder, file ?? '')).map((row) => {
    const hasProgressed = cell(row, 'pstat') === '1';
    const exit = Number(cell(row, hasProgressed ? 'ptime' : 'futime'));
    return datum(exit, hasProgressed ? 1 : cell(row, 'death') === '1' ? 2 : 0, cell(row, 'sex'));
  });
}
