import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminKey } from './faults-child.js';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
  /** When the last byte of the request had been given to the system, and when the answer had come; `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** One connection to a service, kept open, as one thread of a client has it. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** @param url of the service at this moment: it changes when the service is started again */
  constructor(private readonly url: () => string) {}

  get<Body>(path: string): Promise<Answer<Body>> {
    return this.#send('GET', path, undefined, {});
  }

  /** A string is sent as it is; everything else as JSON. @throws when the connection breaks: nobody knows what became of it */
  post<Body>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.#send('POST', path, body, headers);
  }

  put<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.#send('PUT', path, body, {});
  }

  /**
   * As a careful client does it: repeats the same request until it is taken (200 or 202), after a broken connection, a
   * 429 or a 503 too.
   */
  async deliver<Body>(
    path: string,
    body: unknown,
    tries?: Tries,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>> {
    for (;;) {
      const answer = await this.post<Body>(path, body, headers).catch(() => undefined);
      if (answer?.status === 200 || answer?.status === 202) return answer;
      if (answer !== undefined && answer.status !== 429 && answer.status !== 503)
        throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      if (tries !== undefined)
        tries[answer?.status === 429 ? 'busy' : answer === undefined ? 'broken' : 'failed']++;
      await sleep(100);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send<Body>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    return new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      let sentAt = 0;
      const sending = request(
        new URL(path, this.url()),
        {
          method,
          agent: this.#agent,
          timeout: 60_000,
          headers: {
            authorization: `Bearer ${adminKey}`,
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answeredAt = performance.now();
            const { statusCode: status = 0, headers } = response;
            const answer = Buffer.concat(chunks).toString('utf8');
            const isJson = headers['content-type']?.includes('json') ?? false;
            try {
              resolve({
                status,
                headers,
                body: (isJson ? JSON.parse(answer) : answer) as Body,
                sentAt,
                answeredAt,
              });
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      sending.on('finish', () => {
        sentAt = performance.now();
      });
      sending.on('timeout', () => sending.destroy(new Error('No answer within a minute')));
      sending.on('error', reject);
      sending.end(text);
    });
  }
}

/** Why a client had to repeat. */
export interface Tries {
  broken: number;
  busy: number;
  failed: number;
}
