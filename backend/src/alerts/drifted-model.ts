import type { DriftedModel, Incident } from '../contract/alerts.js';
import type { DriftAnswer } from '../contract/churn.js';
import { idOf } from './id-of.js';
import type { Told } from './incident.js';

/** About the risks as a whole, where about a stream its key stands. */
const wholeRisk = 'risk';

/**
 * Files that a model no longer fits under the incident of the model, or opens one: another where the last is resolved and
 * something else is off since.
 *
 * @returns null where it fits, or nothing is new
 */
export function fileDrift(drift: DriftAnswer, known: readonly Incident[], now: number): Told | null {
  const { model } = drift;
  if (model === null || !drift.drifted) return null;
  const found = saidOf(model, drift);
  const before = known
    .filter((one) => one.model?.model === model)
    .sort((one, other) => Date.parse(one.opened_at) - Date.parse(other.opened_at))
    .at(-1);
  if (before === undefined) return { incident: opened(found, '', now), news: 'opened' };
  if (before.state === 'resolved') {
    const isNew = found.about.some((one) => before.model?.about.includes(one) !== true);
    return isNew ? { incident: opened(found, before.id, now), news: 'opened' } : null;
  }
  const isAwake =
    before.state === 'muted' && before.muted_until !== null && Date.parse(before.muted_until) <= now;
  const incident: Incident = {
    ...before,
    ...textOf(found),
    last_alarm_at: new Date(now).toISOString(),
    last_on: new Date(now).toISOString().slice(0, 10),
    model: found,
  };
  if (!isAwake) return { incident, news: null };
  return { incident: { ...incident, state: 'open', muted_until: null }, news: 'reopened' };
}

/** @param after the incident that was resolved before: looked at again after a crash it is the same one */
function opened(found: DriftedModel, after: string, now: number): Incident {
  const at = new Date(now).toISOString();
  return {
    id: idOf('incident', 'model_drift', found.model, after),
    kind: 'model_drift',
    severity: 'warning',
    state: 'open',
    ...textOf(found),
    opened_at: at,
    last_alarm_at: at,
    first_on: at.slice(0, 10),
    last_on: at.slice(0, 10),
    suspects: [],
    evidence: [],
    rule: null,
    model: found,
    tests: 0,
    in_history: false,
    assigned_to: null,
    muted_until: null,
    normal_from: null,
    history: [{ at, by: 'detector', action: 'opened', note: '' }],
  };
}

function textOf({ about, reasons }: DriftedModel): Pick<Incident, 'title' | 'streams'> {
  const [first = ''] = reasons;
  const more = reasons.length > 1 ? `, and ${reasons.length - 1} more` : '';
  return {
    title: `The churn model no longer fits: ${first}${more}`,
    streams: about.filter((one) => one !== wholeRisk),
  };
}

function saidOf(model: string, { risk, outcomes }: DriftAnswer): DriftedModel {
  const off = outcomes.filter(({ drifted }) => drifted);
  const ofStreams = off.map(({ stream, weeks }) => {
    const observed = weeks.reduce((sum, week) => sum + week.observed, 0);
    const expected = weeks.reduce((sum, week) => sum + week.expected, 0);
    const last = weeks.at(-1);
    return `${stream}: ${last?.observed ?? 0} opt-outs in the last week, ${(last?.expected ?? 0).toFixed(1)} forecast; ${observed} and ${expected.toFixed(1)} in ${weeks.length} weeks`;
  });
  const moved = risk?.drifted === true;
  return {
    model,
    about: [...off.map(({ stream }) => stream), ...(moved ? [wholeRisk] : [])],
    reasons: [
      ...ofStreams,
      ...(moved
        ? [
            `risks lie elsewhere than when it was tested (stability ${risk.psi.toFixed(2)}, ${risk.threshold.toFixed(2)} allowed)`,
          ]
        : []),
    ],
    action:
      'See what changed under Model, or at GET /v1/churn/drift, and train a new one: POST /v1/churn/training. Until it holds, take its risks with care.',
  };
}
