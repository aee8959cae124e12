import type { Provider } from '../../contract/providers.js';
import type { ProviderAdapter } from '../adapter.js';
import { brevo } from './brevo.js';
import { customerio } from './customerio.js';
import { klaviyo } from './klaviyo.js';
import { mailchimp } from './mailchimp.js';
import { mailersend } from './mailersend.js';
import { mailgun } from './mailgun.js';
import { mailjet } from './mailjet.js';
import { mailtrap } from './mailtrap.js';
import { postmark } from './postmark.js';
import { resend } from './resend.js';
import { sendgrid } from './sendgrid.js';
import { ses } from './ses.js';
import { sparkpost } from './sparkpost.js';
import { twilio } from './twilio.js';
import { whatsapp } from './whatsapp.js';

/** Every provider that can be connected. */
export const adapters: ReadonlyMap<Provider, ProviderAdapter> = new Map(
  [
    sendgrid,
    mailgun,
    postmark,
    ses,
    mailchimp,
    twilio,
    customerio,
    brevo,
    sparkpost,
    resend,
    klaviyo,
    whatsapp,
    mailjet,
    mailersend,
    mailtrap,
  ].map((adapter) => [adapter.provider, adapter]),
);
