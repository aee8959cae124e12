import { randomUUID } from 'node:crypto';
import type { RunningApp } from './app.js';

export interface GivenScore {
  readonly person: string;
  readonly stream: string;
  readonly segments: readonly string[];
  readonly risk: number;
}

/** Puts a model in force whose latest scoring says this: what a training would come to, without one. */
export async function writeScores(app: RunningApp, scores: readonly GivenScore[], t0: Date): Promise<string> {
  const model = randomUUID();
  const at = t0.toISOString();
  const report = {
    train: { snapshots: 1, rows: 1, events: 1, followed_days: 90 },
    ...{ horizons: [], streams: [], reliability: [], leaks: [], comparison: null, refusals: [] },
  };
  const insert = (table: string, rows: readonly object[]): Promise<unknown> =>
    app.engine.insert(
      table,
      Object.keys(rows[0] ?? {}),
      rows.map((row) => JSON.stringify(Object.values(row))).join('\n'),
      `${table}:${model}`,
    );
  await insert('churn_models', [
    {
      ...{ id: model, kind: 'model', trained_at: at, trained_by: 'test', cut: at, until: at },
      ...{ report: JSON.stringify(report), model: '{}', scaling: '{}', weights: '' },
    },
  ]);
  await insert('churn_model_events', [{ model, at, event: 'promoted', by: 'test', why: 'a test' }]);
  await insert(
    'churn_scores',
    scores.map(({ person, stream, segments, risk }) => ({
      ...{ t0: at, model, person, stream, in_segments: segments },
      ...{ risk_7d: risk / 4, risk_30d: risk, risk_90d: Math.min(1, risk * 2), groups: [] },
    })),
  );
  await insert('churn_scorings', [{ t0: at, model, scored_at: at, subscriptions: scores.length }]);
  return model;
}
