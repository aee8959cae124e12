import type { DetectionService } from './alerts/detection.service.js';
import type { DigestService } from './alerts/digest.service.js';
import type { DriftedModelsService } from './alerts/drifted-models.service.js';
import type { FailedRulesService } from './alerts/failed-rules.service.js';
import type { NoticesService } from './alerts/notices.service.js';
import type { PublicationsService } from './analytics/publications.service.js';
import type { ScoringService } from './churn/scoring.service.js';
import type { TrainingService } from './churn/training.service.js';
import type { OptOutsService } from './opt-outs/opt-outs.service.js';
import type { RolloutsService } from './rollouts/rollouts.service.js';
import type { SweepsService } from './segments/sweeps.service.js';
import type { SuggestionsService } from './suggestions/suggestions.service.js';

export interface Job {
  readonly name: string;
  readonly title: string;
  /** Cron with seconds, in UTC. */
  readonly schedule: string;
  /** The same for the same `now`. @returns what it did, in numbers */
  run(now: Date): Promise<object>;
}

interface Services {
  readonly sweeps: SweepsService;
  readonly rollouts: RolloutsService;
  readonly optOuts: OptOutsService;
  readonly detection: DetectionService;
  readonly failedRules: FailedRulesService;
  readonly notices: NoticesService;
  readonly digest: DigestService;
  readonly publications: PublicationsService;
  readonly training: TrainingService;
  readonly scoring: ScoringService;
  readonly suggestions: SuggestionsService;
  readonly driftedModels: DriftedModelsService;
}

/** All that happens by the clock. One run of a job at a time; a run that was missed is made up for at the start. */
export const jobsOf = ({
  sweeps,
  rollouts,
  optOuts,
  detection,
  failedRules,
  notices,
  digest,
  publications,
  training,
  scoring,
  suggestions,
  driftedModels,
}: Services): readonly Job[] => [
  {
    name: 'segments_follow_events',
    title: 'Segments: people with new events',
    schedule: '*/10 * * * * *',
    run: (now) => sweeps.follow(now),
  },
  {
    name: 'segments_sweep',
    title: 'Segments: what time changes',
    schedule: '0 */5 * * * *',
    run: (now) => sweeps.sweep(now),
  },
  {
    name: 'segments_sweep_in_full',
    title: 'Segments: everybody, where SQL cannot tell',
    schedule: '0 30 * * * *',
    run: (now) => sweeps.sweepWhatSqlCannot(now),
  },
  {
    name: 'rollouts_guard',
    title: 'Rollouts: roll back when complaints rise',
    schedule: '0 * * * * *',
    run: (now) => rollouts.guard(now),
  },
  {
    name: 'requests_recount',
    title: 'Figures: requests that a late delivery came before',
    schedule: '0 10 * * * *',
    run: (now) => optOuts.recounts.catchUp(new Date(now.getTime() - 3 * 3_600_000)),
  },
  {
    name: 'alerts_detect',
    title: 'Alerts: look at what was delivered',
    schedule: '0 5 * * * *',
    run: (now) => detection.detect(now),
  },
  {
    name: 'alerts_rules',
    title: 'Alerts: rules that failed',
    schedule: '15 * * * * *',
    run: (now) => failedRules.watch(now),
  },
  {
    name: 'alerts_deliver',
    title: 'Alerts: tell whom they concern',
    schedule: '30 * * * * *',
    run: (now) => notices.deliver(now),
  },
  {
    name: 'alerts_digest',
    title: 'Alerts: the week in one mail',
    schedule: '0 0 6 * * 1',
    run: (now) => digest.send(now),
  },
  {
    name: 'rates_publish',
    title: 'Figures: write down the rates of the hour',
    schedule: '0 7 * * * *',
    run: (now) => publications.rates(now),
  },
  {
    name: 'retention_publish',
    title: 'Figures: write down the retention curves of the day',
    schedule: '0 20 1 * * *',
    run: (now) => publications.curves(now),
  },
  {
    name: 'churn_train',
    title: 'Churn: train a model, and test it on the last 30 days',
    schedule: '0 40 2 * * 0',
    run: async (now) => ({ trained: (await training.train('job', now)) === null ? 0 : 1 }),
  },
  {
    name: 'churn_score',
    title: 'Churn: score all open subscriptions',
    schedule: '0 40 3 * * *',
    run: (now) => scoring.score(now),
  },
  {
    name: 'churn_score_new',
    title: 'Churn: score who came within the hour',
    schedule: '0 50 * * * *',
    run: (now) => scoring.scoreNew(now),
  },
  {
    name: 'churn_drift',
    title: 'Churn: does the model still fit?',
    schedule: '0 0 5 * * *',
    run: (now) => driftedModels.watch(now),
  },
  {
    name: 'churn_suggest',
    title: 'Churn: edits of the rules for segments at risk',
    schedule: '0 20 4 * * *',
    run: (now) => suggestions.suggest(now),
  },
];
