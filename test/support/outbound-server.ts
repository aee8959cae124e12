import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Arrived {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** `performance.now()` */
  readonly at: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** What a server makes of a request; `hang` never answers, `reset` breaks the connection. */
export type Answering = (arrived: Arrived) => Reply | 'hang' | 'reset' | Promise<Reply | 'hang' | 'reset'>;

/** Somebody else's server on 127.0.0.1, which can go away and come back at the same address. */
export class OutboundServer {
  /** Without a slash at the end. */
  url = '';
  readonly arrived: Arrived[] = [];
  #server: Server | undefined;
  #port = 0;

  constructor(private readonly answering: Answering) {}

  static async start(answering: Answering): Promise<OutboundServer> {
    const server = new OutboundServer(answering);
    await server.comeBack();
    return server;
  }

  async comeBack(): Promise<void> {
    const starting = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      starting.once('error', reject);
      starting.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = starting;
    this.#port = (starting.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.#port}`;
  }

  /** Refuses connections and breaks the open ones. */
  async goAway(): Promise<void> {
    const stopping = this.#server;
    this.#server = undefined;
    if (stopping === undefined) return;
    const closed = new Promise((resolve) => stopping.close(resolve));
    stopping.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const arrived: Arrived = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      at: performance.now(),
    };
    this.arrived.push(arrived);
    const reply = await this.answering(arrived);
    if (reply === 'hang') return;
    if (reply === 'reset') return void request.socket.destroy();
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  }
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
