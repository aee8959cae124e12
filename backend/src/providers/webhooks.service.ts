import { timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Provider } from '../contract/providers.js';
import { NotFoundError, NotGenuineError, TooLargeError } from '../errors.js';
import { IntakeService, signedTolerance, type Taken } from '../intake/intake.service.js';
import { errorFields } from '../log.js';
import { UnreadablePayload, type Verification, type WebhookCall } from './adapter.js';
import { CertificateSource } from './certificates.js';
import { type Connection, ProvidersService } from './providers.service.js';

/** The secret that a caller shows: in the address, or as password or token in Authorization. */
export interface Shown {
  path: string | undefined;
  authorization: string | undefined;
}

export interface WebhookAnswer extends Taken {
  /** The body could not be read at all: it is kept in quarantine under this id. */
  kept?: string | undefined;
}

/** One call of a provider: is it genuine, what does it say, and into the intake with it. */
@Injectable()
export class WebhooksService {
  readonly #log = new Logger('Webhooks');

  constructor(
    private readonly providers: ProvidersService,
    private readonly intake: IntakeService,
    private readonly certificates: CertificateSource,
  ) {}

  /**
   * The provider behind a name, where the secret that was shown does not rule it out: asked before the body is read.
   * @throws NotFoundError for one that is unknown or not connected
   */
  connected(name: string): Connection {
    const provider = Provider.safeParse(name);
    const connection = provider.success ? this.providers.connection(provider.data) : undefined;
    if (connection === undefined) throw new NotFoundError('No such provider is connected');
    return connection;
  }

  /**
   * @throws NotGenuineError without any effect (INV-WH-1)
   * @throws BusyError when too much waits: the provider has to send it again
   */
  async take(connection: Connection, call: WebhookCall, shown: Shown): Promise<WebhookAnswer> {
    const { adapter, streams } = connection;
    const { provider } = adapter;
    if (call.body.length > (adapter.bodyLimit ?? Infinity)) {
      throw new TooLargeError(
        `a call of ${adapter.title} has at most ${(adapter.bodyLimit ?? 0) / 1024} KiB`,
      );
    }
    const verified = await this.#verified(connection, call, shown);
    if (!verified.valid) {
      this.providers.note(provider, 'refused');
      this.#log.warn('webhook refused', { provider, reason: verified.detail });
      throw new NotGenuineError(
        `This is not a call of ${adapter.title}: ${verified.detail}.`,
        adapter.refusal ?? 401,
      );
    }
    await this.#confirm(connection, call);
    try {
      const items = adapter.normalise(call);
      const source = { name: provider, tolerance: signedTolerance, streams, signedAt: verified.signedAt };
      const taken = await this.intake.take(items, source, call.receivedAt);
      this.providers.note(provider, { events: taken.events.length, skipped: taken.skipped });
      return taken;
    } catch (error) {
      if (!(error instanceof UnreadablePayload)) throw error;
      // Genuine, so it may hold an opt-out: kept for a person, and acknowledged, for it will not read better next time.
      this.#log.warn('webhook unreadable', { provider, reason: error.message });
      const kept = await this.intake.keep(
        call.body.toString('utf8'),
        provider,
        error.message,
        call.receivedAt,
      );
      this.providers.note(provider, { events: 0, skipped: { unreadable: 1 } });
      return { ...nothing, kept };
    }
  }

  /** The answer to a GET by which a provider checks the address. @throws NotGenuineError */
  challenge(
    connection: Connection,
    query: Readonly<Record<string, string | undefined>>,
    shown: Shown,
  ): string {
    const { adapter, secrets } = connection;
    if (adapter.challenge !== undefined) {
      const answer = adapter.challenge(query, secrets);
      if (answer === null) throw new NotGenuineError('The verify token does not fit.', 403);
      return answer;
    }
    if (!adapter.authentication.includes('signature') && !showsSecret(shown, secrets))
      throw new NotFoundError('No such provider is connected');
    return 'ok';
  }

  async #verified(connection: Connection, call: WebhookCall, shown: Shown): Promise<Verification> {
    const { adapter, secrets, topics } = connection;
    if (adapter.authentication.includes('secret') && showsSecret(shown, secrets))
      return { valid: true, signedAt: null };
    if (adapter.verify === undefined) return { valid: false, detail: 'the secret is missing or wrong' };
    return adapter.verify(call, {
      secrets,
      topics,
      certificate: (url) => this.certificates.find(url, connection.certificates),
    });
  }

  async #confirm({ adapter, topics }: Connection, call: WebhookCall): Promise<void> {
    const url = adapter.confirmation?.(call, { topics }) ?? null;
    if (url === null) return;
    try {
      await this.certificates.confirm(url);
      this.#log.log('subscription confirmed', { provider: adapter.provider });
    } catch (error) {
      // Amazon asks again; the address may be opened by hand as well.
      this.#log.error('subscription not confirmed', { provider: adapter.provider, ...errorFields(error) });
    }
  }
}

const nothing: Taken = {
  accepted: 0,
  duplicates: 0,
  pending: 0,
  rejected: [],
  flagged: [],
  events: [],
  skipped: {},
};

function showsSecret({ path, authorization }: Shown, secrets: readonly string[]): boolean {
  const given = [path, ...passwordsOf(authorization)].filter((text) => text !== undefined && text !== '');
  return given.some((text) => secrets.some((secret) => sameText(text ?? '', secret)));
}

/** `Bearer <secret>`, or the password (or the whole pair) of `Basic`. */
function passwordsOf(authorization: string | undefined): string[] {
  const [, scheme = '', rest = ''] = /^(Bearer|Basic) +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return [rest];
  if (scheme === '') return [];
  const pair = Buffer.from(rest, 'base64').toString('utf8');
  return [pair, pair.slice(pair.indexOf(':') + 1)];
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
