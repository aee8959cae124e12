import { type BatchResult, providers } from '@secateur/backend/contract';
import { ApiError } from './api.js';
import { readable } from './plain-words.js';
import { lacksScope, refusalSentence } from './refusals.js';

const doors: Record<string, string> = {
  events: 'Events by the API',
  deliveries: 'Deliveries and engagement',
  'opt-outs': 'Opt-outs',
  mail: 'Mail',
};

/** Where a row came in. Providers are called by their title, where it is known. */
export function doorWords(door: string, titleOf: (provider: string) => string | undefined): string {
  return doors[door] ?? titleOf(door) ?? (providers.some((known) => known === door) ? readable(door) : door);
}

const codes: Record<string, string> = {
  invalid: 'Could not be read',
  unknown_field: 'Unknown field',
  id_reused: 'Id used for something else',
  unidentified: 'Nobody known behind it',
  ambiguous_message: 'Message id of several people',
  stale: 'Came too late',
  untrusted: 'Anybody could have written it',
};

/** Why a row was not taken, in a few words; its detail says the rest. */
export function codeWords(code: string): string {
  return codes[code] ?? readable(code);
}

/** What became of a row that was sent through the intake again. */
export interface Outcome {
  taken: boolean;
  words: string;
}

export function replayOutcome({ accepted, duplicates, pending, rejected }: BatchResult): Outcome {
  if (rejected.length > 0) return refusedAgain(rejected.map(({ detail }) => detail));
  if (pending > 0)
    return { taken: true, words: 'Taken: it is kept for good and counts as soon as the database answers.' };
  if (accepted > 0) return { taken: true, words: 'Taken: it counts from when it first came.' };
  if (duplicates > 0)
    return { taken: true, words: 'Known already: the same was taken before, and nothing changed.' };
  return { taken: true, words: 'Read, and nothing in it had to be kept.' };
}

/** A replay that failed, or that was refused for the same reason as before. */
export function replayFailure(error: unknown): Outcome {
  if (error instanceof ApiError && error.status === 422 && error.fields.length > 0) {
    return refusedAgain(error.fields.map(({ reason }) => reason));
  }
  if (error instanceof ApiError && error.status === 404) {
    return { taken: false, words: 'It is no longer here: somebody else has replayed it.' };
  }
  if (lacksScope(error)) {
    return {
      taken: false,
      words: 'Your role may not replay rows. Ask an administrator.',
    };
  }
  return { taken: false, words: `Not replayed. ${refusalSentence(error, '')}` };
}

function refusedAgain(reasons: readonly string[]): Outcome {
  return {
    taken: false,
    words: `Refused again: ${reasons.join('; ')}. It waits on, with the same deadline.`,
  };
}
