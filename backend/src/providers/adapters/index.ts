import type { Provider } from '../../contract/providers.js';
import type { ProviderAdapter } from '../adapter.js';
import { sendgrid } from './sendgrid.js';

/** Every provider that can be connected. */
export const adapters: ReadonlyMap<Provider, ProviderAdapter> = new Map(
  [sendgrid].map((adapter) => [adapter.provider, adapter]),
);
