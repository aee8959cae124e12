import type { PooledScores } from './evaluate.js';
import type { Learned } from './learner.js';
import type { reliabilityTable } from './metrics/calibration.js';

export interface CardFacts {
  /** What was forecast: `churn = Yes`. */
  readonly target: string;
  readonly rows: number;
  readonly positives: number;
  readonly folds: number;
  readonly pooled: PooledScores;
  readonly reliability: ReturnType<typeof reliabilityTable>;
  readonly kept_b: readonly boolean[];
  readonly backend: string;
  readonly seed: number;
  readonly data_sha256: string;
}

/** The model card: what it was trained on, how well it forecasts rows that it has not seen, and where it says nothing. */
export function writeCard(model: Learned, facts: CardFacts): string {
  const { pooled } = facts;
  const { encoder, evidence, calibration, additive, networks } = model;
  const lines = [
    `# ${facts.target}`,
    '',
    `Trained on ${facts.rows} rows, ${facts.positives} of them positive (${percent(facts.positives / facts.rows)}). ` +
      `Figures are of ${facts.folds} folds, each forecast by a model that has not seen it.`,
    '',
    '| Measure | Value | Read against |',
    '|---|---|---|',
    line('ROC-AUC', pooled.roc_auc, '0.5 says nothing'),
    line('PR-AUC', pooled.pr_auc, `${figure(facts.positives / facts.rows)}: the share of positives`),
    line('Log loss', pooled.log_loss, `skill ${percent(pooled.log_loss_skill)} against the base rate`),
    line('Brier score', pooled.brier, `skill ${percent(pooled.brier_skill)} against the base rate`),
    line(
      'ECE, 15 bins',
      pooled.ece15,
      `${figure(pooled.ece15_null_p95)}: 95th percentile if every forecast were right`,
    ),
    line('Calibration slope', pooled.calibration_slope, '1; below it forecasts are too extreme'),
    line('Calibration intercept', pooled.calibration_intercept, '0'),
    line('Lift of the highest 10 %', pooled.lift10, '1 is chance'),
    '',
    pooled.log_loss_skill > 0 ? '' : 'It forecasts no better than the base rate: do not use it.\n',
    '## Reliability',
    '',
    '| Forecast | Rows | Mean forecast | Happened |',
    '|---|---|---|---|',
    ...facts.reliability.map(
      ({ from, to, rows, forecast, happened }) =>
        `| ${from.toFixed(3)}–${to.toFixed(3)} | ${rows} | ${figure(forecast)} | ${figure(happened)} |`,
    ),
    '',
    '## Model',
    '',
    `- Stage A: λ ${additive.lambda}, ${additive.heights.length} weights, held-out loss ${evidence.additive_loss.toFixed(5)}`,
    evidence.network_loss === null
      ? '- Stage B: not tried, for there are too few rows or events'
      : `- Stage B: ${networks.length === 0 ? 'not kept' : `${networks.length} networks`}, held-out loss ${evidence.network_loss.toFixed(5)}; kept in ${facts.kept_b.filter(Boolean).length} of ${facts.folds} folds`,
    `- Calibration: ${calibration.kind}`,
    `- Backend ${facts.backend}, seed ${facts.seed}`,
    `- Data ${facts.data_sha256}`,
    '',
    '## Features',
    '',
    ...encoder.features.map((feature) =>
      feature.kind === 'numeric'
        ? `- ${feature.name}: number, ${binsOf(feature.knots.length - 1)} from ${figure(feature.knots[0] as number)} to ${figure(feature.knots.at(-1) as number)}${feature.missing ? ', missing has a weight' : ''}`
        : `- ${feature.name}: ${feature.levels.length} levels`,
    ),
    ...encoder.left_out.map(({ name, why }) => `- ${name}: left out (${why})`),
    '',
    'Contributions are associations, not effects: what a change of a feature would do, the data do not say.',
  ];
  return `${lines.filter((text, index) => !(text === '' && lines[index - 1] === '')).join('\n')}\n`;
}

const line = (name: string, value: number | null, against: string): string =>
  `| ${name} | ${value === null ? 'none' : figure(value)} | ${against} |`;

const figure = (value: number): string => String(Number(value.toPrecision(4)));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const binsOf = (count: number): string => (count === 1 ? '1 bin' : `${count} bins`);
