import { type Provider, providers } from '@secateur/backend/contract';

/** The sections of Settings, as they stand in the address. */
export const sections = ['providers', 'word-back', 'quarantine', 'streams'] as const;
export type Section = (typeof sections)[number];

export interface ProvidersSearch {
  /** The provider that is open. */
  provider?: Provider;
}

/** What it does not know it drops: an old link still opens. */
export function readProvidersSearch(raw: Record<string, unknown>): ProvidersSearch {
  const provider = providers.find((known) => known === raw.provider);
  return provider === undefined ? {} : { provider };
}

export interface WordBackSearch {
  /** The id of the target that is open, or `new`. */
  target?: string;
}

export function readWordBackSearch(raw: Record<string, unknown>): WordBackSearch {
  const { target } = raw;
  return typeof target === 'string' && /^(new|[0-9a-f-]{36})$/.test(target) ? { target } : {};
}
