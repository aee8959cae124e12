import type { RiskRow } from '../contract/churn.js';
import type { Suggestion } from '../contract/suggestions.js';

/**
 * A suggestion with what is known now of the people it is about: who objected or left since is not among them. null where
 * too few are left to be told of.
 */
export function toldOf(suggestion: Suggestion, risks: readonly RiskRow[]): Suggestion | null {
  const about = risks.find(
    ({ segment, stream }) => segment === (suggestion.segment ?? '') && stream === suggestion.stream,
  );
  if (about === undefined) return null;
  const told: Suggestion = {
    ...suggestion,
    segment_title: about.segment_title,
    stream_title: about.stream_title,
    risk: {
      subscriptions: about.subscriptions,
      risk_30d: about.risk_30d,
      expected_30d: about.expected.days_30,
    },
  };
  const expected = expectedKept(told);
  return { ...told, expected_kept_30d: expected.value, detail: detailOf(told, expected.why) };
}

/** Those that keep the most first; of equals those whose complaints are known not to be higher, and then by their id. */
export function rankOf(one: Suggestion, other: Suggestion): number {
  return (
    other.expected_kept_30d - one.expected_kept_30d ||
    Number(other.complaints === 'not_higher') - Number(one.complaints === 'not_higher') ||
    (one.id < other.id ? -1 : 1)
  );
}

/**
 * Streams kept in 30 days: the opt-outs that are expected, times what one of them keeps: by the experiment where there was
 * one, else by what the edit would have made of the past.
 */
function expectedKept({ kind, risk, evidence, experiment, segment }: Suggestion): {
  value: number;
  why: string;
} {
  if (experiment?.kept_per_person.value != null) {
    const why = 'As many streams for each opt-out as the rollout kept beside the other arm.';
    return { value: risk.expected_30d * experiment.kept_per_person.value, why };
  }
  if (kind === 'offer_pause' || kind === 'offer_cap')
    return {
      value: 0,
      why: 'How many more would take this in place of what is offered now is not known: roll it out to a share of people to learn it.',
    };
  // Of the opt-outs of the segment on the stream all are decided by it; of a threshold, those of everybody by as many as in the past.
  const decided = segment === null ? evidence.decisions : evidence.affected;
  const value = decided === 0 ? 0 : (risk.expected_30d * evidence.streams_kept) / decided;
  return { value, why: 'As many streams for each opt-out as it would have left, or stopped, in the past.' };
}

function detailOf({ kind, claim, evidence, complaints }: Suggestion, why: string): string {
  const source =
    claim === 'experiment'
      ? 'People were drawn by lot, so the differences between the arms are effects.'
      : 'Association, not effect: people were not drawn by lot, and other differences may be the reason.';
  const kept =
    kind === 'wider'
      ? `It stops ${-evidence.streams_kept} streams more, for people who have to say it again more often than others.`
      : '';
  const complained =
    complaints === 'untold' ? 'Whether people there complain more than others cannot be told.' : '';
  return [kept, why, complained, source].filter((text) => text !== '').join(' ');
}
