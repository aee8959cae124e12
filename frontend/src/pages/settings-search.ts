import { type Provider, providers } from '@secateur/backend/contract';

/** The sections of Settings, as they stand in the address. */
export const sections = ['providers', 'quarantine', 'streams'] as const;
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
