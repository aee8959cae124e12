import type { MailchimpOptions, SendGridOptions } from '../contract/targets.js';
import type { Outbound } from '../outbound.js';
import type { MailSuppressions } from './mail-suppressions.js';
import { MailchimpSender } from './mailchimp.js';
import type { Sender } from './sender.js';
import { SendGridSender } from './sendgrid.js';
import type { Target, TargetSecrets } from './target.js';
import type { Verdict } from './verdict.js';
import { WebhookSender } from './webhook.js';

/** The sender of each kind of target. */
export class Senders {
  constructor(
    private readonly outbound: Outbound,
    private readonly mail: MailSuppressions,
  ) {}

  /** @param secrets null when they cannot be opened: then the target waits, and says so */
  of(target: Target, secrets: TargetSecrets | null): Sender {
    if (secrets === null) return locked;
    const apiKey = secrets.apiKey ?? '';
    switch (target.kind) {
      case 'webhook':
        return new WebhookSender(target, secrets, this.outbound);
      case 'sendgrid':
        return new SendGridSender(
          target,
          target.options as SendGridOptions,
          apiKey,
          this.mail,
          this.outbound,
        );
      case 'mailchimp':
        return new MailchimpSender(
          target,
          target.options as MailchimpOptions,
          apiKey,
          this.mail,
          this.outbound,
        );
    }
  }
}

const shut: Verdict = {
  kind: 'away',
  status: null,
  detail: 'its secrets are sealed under a secret that SECATEUR_SECRET no longer lists',
};

const locked: Sender = {
  concurrency: 1,
  batch: 1,
  send: async (changes) => changes.map(() => shut),
  test: async () => shut,
};
