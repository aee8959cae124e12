import { createHmac, timingSafeEqual } from 'node:crypto';
import { PermissionChanged } from '@secateur/backend/contract';
import { type Arrived, OutboundServer, type Reply } from './outbound-server.js';

/** One try of a message, as a receiver of Standard Webhooks sees it. */
export interface Message {
  readonly id: string;
  readonly timestamp: number;
  /** Those of version 1, without their version. */
  readonly signatures: readonly string[];
  readonly raw: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Record<string, unknown>;
  };
  readonly arrived: Arrived;
}

type Answer = Reply | 'hang' | 'reset' | Promise<Reply>;

/** A receiver of webhooks that keeps what came, and answers 204 unless it is told otherwise. */
export class WebhookReceiver {
  readonly messages: Message[] = [];
  /** Of the tries that were answered with 2xx. */
  readonly taken: Message[] = [];
  answer: (message: Message) => Answer = () => ({ status: 204 });
  readonly server = new OutboundServer((arrived) => this.#receive(arrived));

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await receiver.server.comeBack();
    return receiver;
  }

  get url(): string {
    return `${this.server.url}/hook`;
  }

  /** The decisions that were taken, each once, in the order in which they first came. */
  get decisions(): PermissionChanged['data'][] {
    const first = new Map<string, PermissionChanged['data']>();
    for (const { id, body } of this.taken)
      if (body.type === 'permission.changed' && !first.has(id))
        first.set(id, PermissionChanged.parse(body).data);
    return [...first.values()];
  }

  async #receive(arrived: Arrived): Promise<Reply | 'hang' | 'reset'> {
    const { headers, body: raw } = arrived;
    const message: Message = {
      id: String(headers['webhook-id']),
      timestamp: Number(headers['webhook-timestamp']),
      signatures: String(headers['webhook-signature'])
        .split(' ')
        .map((one) => one.split(','))
        .flatMap(([version, signature]) => (version === 'v1' ? [signature ?? ''] : [])),
      raw,
      body: JSON.parse(raw) as Message['body'],
      arrived,
    };
    this.messages.push(message);
    const reply = await this.answer(message);
    if (typeof reply === 'object' && reply.status < 300) this.taken.push(message);
    return reply;
  }
}

/** The signature of Standard Webhooks by nothing but Node: base64 of HMAC-SHA-256 over `id.timestamp.payload`. */
export function signatureOf(secret: string, id: string, timestamp: number, payload: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64');
}

/** Does one of the message's signatures stem from the secret? */
export function isSignedBy(secret: string, { id, timestamp, raw, signatures }: Message): boolean {
  const expected = Buffer.from(signatureOf(secret, id, timestamp, raw));
  return signatures.some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
