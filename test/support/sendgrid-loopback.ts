import { z } from 'zod';
import { type Arrived, json, OutboundServer, type Reply } from './outbound-server.js';

const Recipients = z.strictObject({ recipient_emails: z.array(z.string().min(1)).min(1) });

const fault = (status: number, message: string, headers: Record<string, string> = {}): Reply =>
  json(status, { errors: [{ field: null, message }] }, headers);

/**
 * As much of SendGrid's v3 API as its documentation says of suppressions, strict about method, path, authorisation and
 * body. What is written to a group that does not exist lands in the global suppressions, as it does there.
 *
 * @see https://www.twilio.com/docs/sendgrid/api-reference/suppressions-suppressions
 */
export class SendGridLoopback {
  readonly groups = new Map<number, Set<string>>();
  readonly global = new Set<string>();
  /** Changes that were taken, in order: `POST /v3/… a@example.com,b@example.com`. */
  readonly changes: string[] = [];
  /** Asked first; undefined goes on as documented. */
  instead: (arrived: Arrived) => Reply | 'hang' | 'reset' | undefined = () => undefined;
  readonly server = new OutboundServer((arrived) => this.instead(arrived) ?? this.#answer(arrived));

  constructor(
    private readonly apiKey: string,
    groups: readonly number[],
  ) {
    for (const group of groups) this.groups.set(group, new Set());
  }

  get url(): string {
    return this.server.url;
  }

  #answer(arrived: Arrived): Reply {
    const { method, headers } = arrived;
    if (headers.authorization !== `Bearer ${this.apiKey}`) return fault(401, 'authorization required');
    const { pathname, searchParams } = new URL(arrived.path, 'http://sendgrid');
    if (method === 'GET' && pathname === '/v3/asm/groups')
      return this.#list(searchParams.getAll('id').map(Number));
    const [, group, email] = /^\/v3\/asm\/groups\/(\d+)\/suppressions(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (group !== undefined)
      return this.#change(arrived, this.groups.get(Number(group)) ?? this.global, email);
    const [isGlobal, one] = /^\/v3\/asm\/suppressions\/global(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (isGlobal !== undefined) return this.#change(arrived, this.global, one);
    return fault(404, 'not found');
  }

  #list(ids: readonly number[]): Reply {
    const there = [...this.groups].filter(([id]) => ids.length === 0 || ids.includes(id));
    return json(
      200,
      there.map(([id, { size }]) => ({
        id,
        name: `Group ${id}`,
        description: '',
        is_default: false,
        unsubscribes: size,
      })),
    );
  }

  #change(
    { method, headers, body, path }: Arrived,
    suppressed: Set<string>,
    encoded: string | undefined,
  ): Reply {
    if (method === 'DELETE' && encoded !== undefined) {
      const email = decodeURIComponent(encoded);
      if (body !== '') return fault(400, 'no body is expected');
      if (!suppressed.delete(email)) return fault(404, 'no such suppression');
      this.changes.push(`DELETE ${path.replace(encoded, '')}${email}`);
      return { status: 204 };
    }
    if (method !== 'POST' || encoded !== undefined) return fault(405, 'method not allowed');
    if (headers['content-type'] !== 'application/json')
      return fault(415, 'Content-Type should be application/json.');
    const parsed = Recipients.safeParse(JSON.parse(body));
    if (!parsed.success) return fault(400, 'bad body');
    const { recipient_emails } = parsed.data;
    if (recipient_emails.some((email) => email.startsWith('bad'))) return fault(400, 'invalid email address');
    for (const email of recipient_emails) suppressed.add(email);
    this.changes.push(`POST ${path} ${recipient_emails.join()}`);
    return json(201, { recipient_emails });
  }
}
