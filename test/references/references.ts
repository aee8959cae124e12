import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The parts of a references.json that the churn model's code answers. */
const Numbers = z.array(z.number());
const Figure = z.number().nullable();

const MetricCase = z.looseObject({
  y: Numbers,
  p: Numbers,
  roc_auc: Figure,
  average_precision: Figure,
  'log_loss_clip1e-15': Figure,
  brier: Figure,
  ece15_equal_width: Figure,
  ece15_equal_mass: Figure,
  ece5_equal_width: Figure,
  lift_at_10pct_floor_stable: Figure,
  ks: Figure.optional(),
  gini: Figure.optional(),
  calibration_intercept_slope: z.tuple([z.number(), z.number()]).nullish(),
  murphy_distinct: z.record(z.string(), z.number()).optional(),
});
export type MetricCase = z.infer<typeof MetricCase>;

const IsotonicCase = z.object({
  x: Numbers,
  y: Numbers,
  w: Numbers.optional(),
  unique_x: Numbers.optional(),
  fitted: Numbers,
});

const RatesCase = z.object({
  x: Numbers,
  n: Numbers,
  mle: z.object({
    alpha: z.number(),
    beta: z.number(),
    mean: z.number(),
    rho: z.number(),
    loglik: z.number(),
  }),
  moments_anova: z.record(z.string(), z.number()),
  posterior_mean: Numbers,
  posterior_95: z.array(z.tuple([z.number(), z.number()])),
});

const Cohort = z.object({
  active: Numbers,
  alpha: z.number(),
  beta: z.number(),
  loglik: z.number(),
  survival_1_12: Numbers,
  retention_rate_1_12: Numbers,
});

const Table = z.record(z.string(), Numbers);

const References = z.object({
  metric_and_misc: z.object({
    metric_cases: z.record(z.string(), MetricCase),
    metric_cases_weighted: z.looseObject({ y: Numbers, p: Numbers, w: Numbers }).catchall(z.unknown()),
    isotonic_sklearn: z.object({ x: Numbers, y: Numbers, query: Numbers, pred_linear_interp: Numbers }),
    ple: z.object({
      edges: Numbers,
      x: Numbers,
      encoded_clipped: z.array(Numbers),
      quantile_edges: z.object({ x: Numbers, bins: z.number(), edges: Numbers }),
    }),
    shapley: z.object({
      value_function: z.record(z.string(), z.number()),
      shapley: z.record(z.string(), z.number()),
    }),
    integrated_gradients: z.object({
      W1: z.array(Numbers),
      b1: Numbers,
      W2: Numbers,
      baseline: Numbers,
      x: Numbers,
      ig_midpoint_20: Numbers,
      ig_midpoint_50: Numbers,
    }),
  }),
  statistics: z.object({
    p_adjust: z.record(z.string(), z.looseObject({ p: Numbers, BH: Numbers })),
    binomial_intervals: z.array(
      z.looseObject({
        x: z.number(),
        n: z.number(),
        level: z.number(),
        clopper_pearson: Numbers,
        jeffreys: Numbers,
      }),
    ),
    upper_tail: z.array(z.record(z.string(), z.number())),
    beta_binomial_fit: z.record(z.string(), RatesCase),
    isotonic: z.record(z.string(), IsotonicCase),
    calibration_maps: z.looseObject({
      logit: Numbers,
      y: Numbers,
      logistic_recalibration: z.record(z.string(), z.number()),
      platt_smoothed_targets: z.record(z.string(), z.number()),
      temperature: z.record(z.string(), z.number()),
      calibration_in_the_large: z.record(z.string(), z.number()),
    }),
    control_charts: z
      .looseObject({ p0: z.number(), p1: z.number(), ewma_lambda: z.number() })
      .catchall(z.union([z.number(), Numbers])),
    sbg: z.object({ high_end: Cohort, regular: Cohort }),
    life_table: Table,
    discrete_hazard_glm: z.looseObject({
      events: z.number(),
      n_person_periods: z.number(),
      logit: z.looseObject({
        coef: Numbers,
        loglik: z.number(),
        hazard_age60_sex1_ecog1: Numbers,
        surv: Numbers,
      }),
    }),
    psi: z.looseObject({ expected: Numbers, actual: Numbers, psi: z.number() }),
    special: z.record(z.string(), Table),
  }),
  classification: z.record(
    z.string(),
    z.looseObject({
      n: z.number(),
      positives: z.number(),
      base_rate: z.number(),
      fold_file: z.string(),
      models: z.record(z.string(), z.looseObject({ pooled_oof: z.record(z.string(), z.number()) })),
    }),
  ),
  synthetic: z.object({
    optout_snapshots: z.looseObject({ test_metrics: z.record(z.string(), z.record(z.string(), z.number())) }),
  }),
});

export const readReferences = (path: string) => References.parse(JSON.parse(readFileSync(path, 'utf8')));
export type References = z.infer<typeof References>;
