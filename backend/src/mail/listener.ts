import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { CONFIG, type Config, ConfigError } from '../config.js';
import { BusyError, TooLargeError } from '../errors.js';
import { errorFields } from '../log.js';
import { MailService } from './mail.service.js';
import { type Envelope, largestMessage } from './message.js';

/** Messages in memory at a time: each has up to 8 MiB. The others wait on their sockets. */
const mostAtOnce = 8;
const mostClients = 100;
const mostRecipients = 1000;
const idleMilliseconds = 5 * 60_000;
/** Of the ten seconds that a stop may take. */
const closeMilliseconds = 2000;
/** Only a mail server on this machine may say whose connection a message came by: SPF hangs on it. */
const trustedPeers = ['127.0.0.1', '::1'];

/**
 * LMTP (RFC 2033) or SMTP (RFC 5321) from the mail server in front, for every recipient: what is no request is no matter.
 * 250 means durable; what cannot be taken now is answered 451, and the mail server tries again.
 */
@Injectable()
export class MailListener implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger('MailListener');
  readonly #slots = new Slots(mostAtOnce);
  #server: SMTPServer | null = null;

  constructor(
    private readonly mail: MailService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Where it listens; null where it is off. */
  get port(): number | null {
    const address = this.#server?.server.address() as AddressInfo | null | undefined;
    return address?.port ?? null;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { mailListen } = this.config;
    if (mailListen === null) return;
    const { protocol, host, port } = mailListen;
    const server = new SMTPServer({
      lmtp: protocol === 'lmtp',
      // Neither would protect anything here, and the library's own certificate is public.
      disabledCommands: ['AUTH', 'STARTTLS'],
      name: 'secateur',
      size: largestMessage,
      rejectOversized: true,
      maxClients: mostClients,
      maxRecipients: mostRecipients,
      // A token makes a local part longer than 64 octets.
      lenientAddressParsing: true,
      disableReverseLookup: true,
      useXForward: trustedPeers,
      socketTimeout: idleMilliseconds,
      closeTimeout: closeMilliseconds,
      logger: false,
      onData: (stream, session, reply) => {
        this.#take(stream, session).then(
          () => reply(null, 'taken'),
          (error: unknown) => reply(this.#answerTo(error)),
        );
      },
    });
    await new Promise<void>((listening, refused) => {
      server.once('error', refused);
      server.listen(port, host, listening);
    }).catch((error: unknown) => {
      throw new ConfigError(`SECATEUR_MAIL_LISTEN cannot be used: ${codeOf(error)}`);
    });
    // A connection that breaks is its own affair.
    server.on('error', (error) => this.#log.warn('mail connection failed', { code: codeOf(error) }));
    this.#server = server;
    this.#log.log('taking mail', { protocol, host, port: this.port });
  }

  /** Before the lanes stop: what is on its way still becomes durable. */
  async onModuleDestroy(): Promise<void> {
    const server = this.#server;
    if (server !== null) await new Promise<void>((closed) => server.close(closed));
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    await this.#slots.enter();
    try {
      const raw = await readAll(stream);
      // The library answers 552 by itself.
      if (raw !== null) await this.mail.receive(raw, envelopeOf(session));
    } finally {
      this.#slots.leave();
    }
  }

  #answerTo(error: unknown): Error & { responseCode: number } {
    if (error instanceof TooLargeError) return answer(552, 'too large');
    if (codeOf(error) === 'ECONNECTION') this.#log.warn('mail connection failed', { code: codeOf(error) });
    else if (!(error instanceof BusyError)) this.#log.error('mail not taken', errorFields(error));
    return answer(451, 'cannot be taken now, try again');
  }
}

/** null: larger than allowed. Read to its end all the same, or the connection would hang. */
async function readAll(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks);
}

function envelopeOf({ envelope, xForward }: SMTPServerSession): Envelope {
  const text = (key: string): string | null => {
    const value = xForward.get(key);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    recipients: envelope.rcptTo.map(({ address }) => address),
    sender: envelope.mailFrom === false ? null : envelope.mailFrom.address,
    clientIp: text('ADDR'),
    helo: text('HELO'),
  };
}

function answer(responseCode: number, message: string): Error & { responseCode: number } {
  return Object.assign(new Error(message), { responseCode });
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}

/** So many at a time, the others in order. */
class Slots {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async enter(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((go) => this.#waiting.push(go));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.free++;
    else next();
  }
}
