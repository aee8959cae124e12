import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly text: string;
}

/** A mail server on 127.0.0.1 that keeps what came; without TLS, with a password where one is asked for. */
export class SmtpReceiver {
  readonly mails: ReceivedMail[] = [];
  /** Answers the next messages with this code in place of 250. */
  refusal: number | null = null;

  private constructor(private readonly server: { current: SMTPServer | null }) {}

  static async start(): Promise<SmtpReceiver> {
    const held: { current: SMTPServer | null } = { current: null };
    const receiver = new SmtpReceiver(held);
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, reply) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { refusal } = receiver;
          if (refusal !== null) {
            reply(Object.assign(new Error('no'), { responseCode: refusal }));
            return;
          }
          const text = Buffer.concat(chunks).toString('utf8');
          for (const { address } of session.envelope.rcptTo) receiver.mails.push({ to: address, text });
          reply(null, 'taken');
        });
      },
    });
    held.current = server;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  get port(): number {
    const address = this.server.current?.server.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) throw new Error('it does not listen');
    return address.port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((stopped) => this.server.current?.close(() => stopped()));
  }
}
