import { Inject, Injectable, Logger } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { CONFIG, type Config } from '../config.js';
import type { MailKind } from '../contract/mail.js';
import { BusyError, TooLargeError } from '../errors.js';
import { IntakeService, signedTolerance, type Taken } from '../intake/intake.service.js';
import { linkSeal, linkSecrets, type OpenLink, openLink } from '../preferences/token.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { verdictOf } from './authentication-results.js';
import { type Authenticity, authenticityOf, type Resolve } from './authenticity.js';
import { everything, leastCoverage, nothingCovered } from './coverage.js';
import { type Envelope, largestMessage, type Message } from './message.js';
import { type MailContext, readMail, UndecidedMail } from './read-mail.js';
import { headerFieldsOf } from './verifiable.js';

/** Injection token: how names are resolved. */
export const RESOLVE = Symbol('RESOLVE');

export interface TakenMail extends Taken {
  kind: MailKind;
  /** Why nothing of it was taken. */
  refused?: string;
}

const undecidedRetrySeconds = 60;

/** One message of whatever way: read, checked where something hangs on it, and into the intake. */
@Injectable()
export class MailService {
  readonly #log = new Logger('Mail');
  readonly #context: Omit<MailContext, 'authenticate'>;

  constructor(
    private readonly intake: IntakeService,
    private readonly directory: SubscriberDirectory,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(RESOLVE) private readonly resolve: Resolve,
    @Inject(SECRETS) secrets: Secrets,
  ) {
    const seal = linkSeal(linkSecrets(secrets));
    this.#context = {
      openToken: (token) => openLink(seal, token),
      unsubscribeMailbox: config.unsubscribeMailbox,
      now: Date.now,
      isOwn: (link, address) => this.#isOwn(link, address),
    };
  }

  /**
   * Resolves when what the message asks for is durable.
   * @throws TooLargeError
   * @throws BusyError when too much waits, or nobody can tell yet whether it is genuine: it has to be sent again
   */
  async receive(raw: Buffer, envelope: Envelope): Promise<TakenMail> {
    if (raw.length > largestMessage) throw new TooLargeError('A message has at most 8 MiB.');
    const receivedAt = Date.now();
    const { kind, items, refused } = await this.#read(raw, envelope);
    if (refused !== undefined) this.#log.warn('mail refused', { kind, reason: refused });
    const source = {
      name: 'mail',
      tolerance: signedTolerance,
      streams: {},
      signedAt: null,
      isTyped: true,
    } as const;
    const taken = await this.intake.take(items, source, receivedAt);
    return { ...taken, kind, ...(refused === undefined ? {} : { refused }) };
  }

  async #read(raw: Buffer, envelope: Envelope) {
    try {
      const authenticate: MailContext['authenticate'] = (message, proof) =>
        this.#authenticate(raw, message, proof);
      return await readMail(raw, { ...this.#context, authenticate }, envelope);
    } catch (error) {
      if (error instanceof UndecidedMail) throw new BusyError(error.message, undecidedRetrySeconds);
      throw error;
    }
  }

  /** The address at which they got the message, the one that they have now, or their id at a sender who knows them by it. */
  async #isOwn({ person, externalId, identifier }: OpenLink, address: string): Promise<boolean> {
    const email = this.directory.idOf('email', address);
    if (identifier === email || externalId === this.directory.idOf('external', address)) return true;
    try {
      return (await this.directory.byPerson([person])).get(person)?.emailId === email;
    } catch (error) {
      if (!(error instanceof EngineAwayError)) throw error;
      return false;
    }
  }

  /** Our own mail server has seen the client and says so; what it does not say is checked here. */
  async #authenticate(raw: Buffer, message: Message, proof: 'dmarc' | 'signature'): Promise<Authenticity> {
    const verdict = verdictOf(message.fields, this.config.mailAuthservId);
    const from = message.from[0] ?? null;
    if (proof === 'dmarc' ? verdict.dmarc : verdict.dkim) {
      const header = headerFieldsOf(raw);
      const signed = header === null ? nothingCovered : leastCoverage(header);
      const covered = verdict.spf ? everything : signed;
      const signedFrom = verdict.dkim ? from : null;
      return { dmarcFrom: verdict.dmarc ? from : null, signedFrom, covered, signed, isUndecided: false };
    }
    return authenticityOf(raw, message.envelope, this.resolve);
  }
}
