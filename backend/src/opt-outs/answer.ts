import { EngineAwayError } from '@secateur/sql';
import type { DecisionView } from '../contract/decisions.js';
import type { DecisionsService } from './decisions.service.js';
import type { Outcome } from './request.js';

/** What whoever sent one request is told. */
export interface Answer {
  state: Outcome['state'];
  decision: string | DecisionView;
  detail?: string;
}

export async function answerOf(outcome: Outcome | undefined, decisions: DecisionsService): Promise<Answer> {
  if (outcome === undefined) throw new Error('a request got no outcome');
  switch (outcome.state) {
    case 'decided':
      return { state: 'decided', decision: await shown(outcome.decision.id, decisions) };
    case 'quarantined':
      return { state: 'quarantined', decision: outcome.quarantineId, detail: outcome.detail };
    default:
      return { state: outcome.state, decision: outcome.decision };
  }
}

/** Durable, and not in force yet: 202. */
export const isWaiting = ({ state }: Answer): boolean => state === 'pending' || state === 'quarantined';

/** The decision as it stands in the ledger; its id alone when the engine goes away just now, for it is made. */
async function shown(id: string, decisions: DecisionsService): Promise<DecisionView | string> {
  try {
    return await decisions.byId(id);
  } catch (error) {
    if (error instanceof EngineAwayError) return id;
    throw error;
  }
}
