import { connect, type Socket } from 'node:net';

/** One conversation in LMTP or SMTP, spoken line by line. */
export class MailClient {
  #received = '';
  #wake: () => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    const woken = () => this.#wake();
    socket.on('data', (text: string) => {
      this.#received += text;
      woken();
    });
    for (const end of ['close', 'error']) socket.on(end, woken);
  }

  static async open(port: number): Promise<MailClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new MailClient(socket);
    await client.reply();
    return client;
  }

  /** The next whole reply, its lines joined. */
  async reply(): Promise<string> {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#received)?.[0];
      if (found !== undefined) {
        this.#received = this.#received.slice(found.length);
        return found.trimEnd();
      }
      if (this.socket.closed) throw new Error('the connection is closed');
      await new Promise<void>((woken) => {
        this.#wake = woken;
      });
    }
  }

  async say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Sends a message in one transaction. @returns the replies after its end: in LMTP one for each recipient */
  async send(
    message: string,
    recipients: readonly string[],
    replies = recipients.length,
    sender = '',
  ): Promise<string[]> {
    await this.say(`MAIL FROM:<${sender}>`);
    for (const recipient of recipients) await this.say(`RCPT TO:<${recipient}>`);
    await this.say('DATA');
    this.socket.write(`${message.replace(/^\./gm, '..')}\r\n.\r\n`);
    const answers: string[] = [];
    while (answers.length < replies) answers.push(await this.reply());
    return answers;
  }

  close(): void {
    this.socket.destroy();
  }
}
