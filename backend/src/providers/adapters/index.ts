import type { Provider } from '../../contract/providers.js';
import type { ProviderAdapter } from '../adapter.js';
import { klaviyo } from './klaviyo.js';
import { mailersend } from './mailersend.js';
import { mailjet } from './mailjet.js';
import { mailtrap } from './mailtrap.js';
import { resend } from './resend.js';
import { sendgrid } from './sendgrid.js';
import { sparkpost } from './sparkpost.js';
import { whatsapp } from './whatsapp.js';

/** Every provider that can be connected. */
export const adapters: ReadonlyMap<Provider, ProviderAdapter> = new Map(
  [sendgrid, sparkpost, resend, klaviyo, whatsapp, mailjet, mailersend, mailtrap].map((adapter) => [
    adapter.provider,
    adapter,
  ]),
);
