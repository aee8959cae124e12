import { randomUUID } from 'node:crypto';
import type { PermissionChange } from '../contract/permissions.js';
import type { PermissionChanged } from '../contract/targets.js';
import type { Outbound } from '../outbound.js';
import { type Sender, tried } from './sender.js';
import { signedHeaders, webhookId } from './standard-webhook.js';
import { signingAt, type Target, type TargetSecrets } from './target.js';
import type { Verdict } from './verdict.js';

/** A signed `permission.changed` for each decision: ids only, no address. */
export class WebhookSender implements Sender {
  readonly concurrency = 16;
  readonly batch = 1;

  constructor(
    private readonly target: Target,
    private readonly secrets: TargetSecrets,
    private readonly outbound: Outbound,
  ) {}

  send(changes: readonly PermissionChange[], signal: AbortSignal): Promise<Verdict[]> {
    return Promise.all(changes.map((change) => this.#send(change, signal)));
  }

  test(signal: AbortSignal): Promise<Verdict> {
    const message = { type: 'ping', timestamp: new Date().toISOString(), data: { target: this.target.id } };
    return this.#post(webhookId(randomUUID(), this.target.id), message, signal);
  }

  #send(change: PermissionChange, signal: AbortSignal): Promise<Verdict> {
    const message: PermissionChanged = {
      type: 'permission.changed',
      timestamp: change.decided_at,
      data: change,
    };
    return this.#post(webhookId(change.decision, this.target.id), message, signal);
  }

  async #post(id: string, message: object, signal: AbortSignal): Promise<Verdict> {
    const body = JSON.stringify(message);
    const now = Date.now();
    const headers = signedHeaders(id, body, signingAt(this.secrets, now), now);
    const { verdict } = await tried(this.outbound, {
      method: 'POST',
      url: this.target.url,
      headers,
      body,
      signal,
    });
    return verdict;
  }
}
