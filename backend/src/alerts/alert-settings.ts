import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type AlertSettings, AlertSettingsChange, DetectionSettings } from '../contract/alerts.js';
import { InvalidInputError } from '../errors.js';
import { Outbound } from '../outbound.js';
import { Seal } from '../seal.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { Settings } from '../settings/settings.service.js';
import { newSigningSecret } from '../targets/standard-webhook.js';

const settingsKey = 'alerts';

const usual: DetectionSettings = {
  enabled: true,
  q: 0.01,
  drifts_per_year: 1,
  min_events: 3,
  min_deliveries: 200,
  min_ratio: 1.5,
  complaint_min_deliveries: 1000,
  complaint_min_events: 5,
  complaint_pause: false,
};

const { webhook, email, digest } = AlertSettingsChange.shape;
/** As it is stored: secrets sealed. */
const Stored = z
  .object({
    detection: DetectionSettings.catch(usual),
    webhook: webhook.unwrap().pick({ url: true }).extend({ sealed: z.string() }).nullable(),
    email: email.unwrap().omit({ password: true }).extend({ sealed: z.string() }).nullable(),
    digest,
  })
  .catch({ detection: usual, webhook: null, email: null, digest: { enabled: true } });
type Stored = z.infer<typeof Stored>;

export interface WebhookPlace {
  readonly url: string;
  readonly secret: string;
}

export type EmailPlace = Omit<NonNullable<AlertSettingsChange['email']>, 'password'> & {
  readonly password: string | null;
};

/** What is watched how closely, and who is told. */
@Injectable()
export class AlertSettingsService {
  readonly #seal: Seal;

  constructor(
    private readonly settings: Settings,
    private readonly outbound: Outbound,
    @Inject(SECRETS) secrets: Secrets,
  ) {
    this.#seal = new Seal(
      'alerts',
      1,
      secrets.keys('alerts').map(({ key }) => key.toString('base64')),
    );
  }

  get detection(): DetectionSettings {
    return this.#stored().detection;
  }

  get sendsDigest(): boolean {
    return this.#stored().digest.enabled;
  }

  /** null: nobody is told by webhook, or its secret was sealed under one that is gone. */
  webhook(): WebhookPlace | null {
    const { webhook: place } = this.#stored();
    const secret = place === null ? null : this.#open(place.sealed);
    return place === null || secret === null ? null : { url: place.url, secret };
  }

  email(): EmailPlace | null {
    const { email: place } = this.#stored();
    if (place === null) return null;
    const { sealed, ...rest } = place;
    return { ...rest, password: sealed === '' ? null : this.#open(sealed) };
  }

  /** @param isWhole addresses of webhooks may hold a secret: without it their origin is told */
  view(isWhole: boolean): AlertSettings {
    const { detection, webhook: hook, email: mail, digest: weekly } = this.#stored();
    const spikes = 365 * detection.q;
    const drifts = detection.drifts_per_year;
    const { sealed = '', ...shown } = mail ?? {};
    return {
      detection,
      webhook: hook === null ? null : { url: isWhole ? hook.url : new URL(hook.url).origin },
      email:
        mail === null
          ? null
          : { ...mailOf(shown as Omit<typeof mail, 'sealed'>), has_password: sealed !== '' },
      digest: weekly,
      false_incidents_per_year: { spikes, drifts, total: spikes + drifts },
    };
  }

  /** @returns the signing secret where it is new @throws InvalidInputError @throws EngineAwayError */
  async change(next: AlertSettingsChange, by: string): Promise<string | null> {
    this.#check(next);
    let told: string | null = null;
    await this.settings.change(settingsKey, by, (now): Stored => {
      const before = Stored.parse(now);
      const hook = this.#webhookOf(next.webhook, before.webhook);
      told = hook?.told ?? null;
      const { detection } = next;
      return {
        detection,
        webhook: hook?.stored ?? null,
        email: this.#emailOf(next.email, before.email),
        digest: next.digest,
      };
    });
    return told;
  }

  #webhookOf(
    next: AlertSettingsChange['webhook'],
    before: Stored['webhook'],
  ): { stored: NonNullable<Stored['webhook']>; told: string | null } | null {
    if (next === null) return null;
    const url = new URL(next.url).href;
    if (before !== null && next.new_secret !== true && this.#open(before.sealed) !== null)
      return { stored: { url, sealed: before.sealed }, told: null };
    const secret = newSigningSecret();
    return { stored: { url, sealed: this.#sealed(secret) }, told: secret };
  }

  #emailOf(next: AlertSettingsChange['email'], before: Stored['email']): Stored['email'] {
    if (next === null) return null;
    const { password, ...rest } = next;
    if (password !== undefined) return { ...rest, sealed: this.#sealed(password) };
    if (rest.user === undefined) return { ...rest, sealed: '' };
    const { sealed = '' } = before ?? {};
    if (sealed === '') return { ...rest, sealed };
    // Else whoever may change the settings could have the password sent to a server of their own.
    const isSame =
      before?.host === rest.host &&
      before.port === rest.port &&
      before.user === rest.user &&
      before.security === rest.security;
    if (!isSame)
      throw InvalidInputError.field(
        'email.password',
        'must be given anew when host, port, user or security change',
      );
    return { ...rest, sealed };
  }

  #check({ webhook: hook, email: mail }: AlertSettingsChange): void {
    const fault = hook === null ? null : this.outbound.faultOf(hook.url);
    if (fault === 'insecure') throw InvalidInputError.field('webhook.url', 'must be https');
    if (fault !== null)
      throw InvalidInputError.field(
        'webhook.url',
        'must not be an address off the public internet, unless SECATEUR_PRIVATE_TARGETS lists it',
      );
    if (mail === null) return;
    if (mail.password !== undefined && mail.user === undefined)
      throw InvalidInputError.field('email.user', 'must be given with a password');
    if (mail.security === 'none' && mail.password !== undefined)
      throw InvalidInputError.field('email.security', 'must be tls or starttls where there is a password');
  }

  #stored(): Stored {
    return Stored.parse(this.settings.get(settingsKey));
  }

  #sealed(secret: string): string {
    return this.#seal.seal(Buffer.from(secret)).toString('base64url');
  }

  #open(sealed: string): string | null {
    return this.#seal.open(Buffer.from(sealed, 'base64url'))?.toString('utf8') ?? null;
  }
}

function mailOf(
  mail: Omit<NonNullable<Stored['email']>, 'sealed'>,
): Omit<NonNullable<AlertSettings['email']>, 'has_password'> {
  const { user, ...rest } = mail;
  return user === undefined ? rest : { ...rest, user };
}
