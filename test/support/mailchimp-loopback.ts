import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Arrived, json, OutboundServer, type Reply } from './outbound-server.js';

const Change = z.strictObject({ status: z.enum(['subscribed', 'unsubscribed', 'cleaned', 'pending']) });

function problem(status: number, title: string, detail: string): Reply {
  const type = 'https://mailchimp.com/developer/marketing/docs/errors/';
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
  return json(status, { type, title, status, detail, instance: 'i' }, headers);
}

const notFound = problem(404, 'Resource Not Found', 'The requested resource could not be found.');

/**
 * As much of Mailchimp's Marketing API 3.0 as its documentation says of members, strict about method, path, authorisation
 * and body.
 *
 * @see https://mailchimp.com/developer/marketing/api/list-members/update-list-member/
 */
export class MailchimpLoopback {
  /** Status by member, by list. */
  readonly lists = new Map<string, Map<string, string>>();
  /** Changes that were taken, in order: `PATCH /3.0/… unsubscribed`. */
  readonly changes: string[] = [];
  instead: (arrived: Arrived) => Reply | 'hang' | 'reset' | undefined = () => undefined;
  readonly server = new OutboundServer((arrived) => this.instead(arrived) ?? this.#answer(arrived));

  constructor(
    private readonly apiKey: string,
    lists: readonly string[],
  ) {
    for (const list of lists) this.lists.set(list, new Map());
  }

  get url(): string {
    return this.server.url;
  }

  join(list: string, email: string, status = 'subscribed'): void {
    this.lists.get(list)?.set(hashOf(email), status);
  }

  statusOf(list: string, email: string): string | undefined {
    return this.lists.get(list)?.get(hashOf(email));
  }

  #answer({ method, path, headers, body }: Arrived): Reply {
    const [scheme, credentials = ''] = String(headers.authorization).split(' ');
    const [user, ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
    if (scheme !== 'Basic' || user === '' || password.join(':') !== this.apiKey)
      return problem(401, 'API Key Invalid', 'Your API key may be invalid.');
    const { pathname } = new URL(path, 'http://mailchimp');
    if (method === 'GET' && pathname === '/3.0/ping')
      return json(200, { health_status: "Everything's Chimpy!" });
    const [, list = '', member] =
      /^\/3\.0\/lists\/([^/]+)(?:\/members\/([0-9a-f]{32}))?$/.exec(pathname) ?? [];
    const members = this.lists.get(list);
    if (members === undefined) return notFound;
    if (member === undefined) return method === 'GET' ? json(200, { id: list }) : notFound;
    if (method !== 'PATCH') return problem(405, 'Method Not Allowed', 'See the Allow header.');
    const parsed = Change.safeParse(JSON.parse(body));
    if (!parsed.success)
      return problem(400, 'Invalid Resource', 'The resource submitted could not be validated.');
    const status = members.get(member);
    if (status === undefined) return notFound;
    if (status === 'compliance')
      return problem(400, 'Member In Compliance State', 'is in a compliance state and cannot be subscribed.');
    members.set(member, parsed.data.status);
    this.changes.push(`PATCH ${path} ${parsed.data.status}`);
    return json(200, { id: member, list_id: list, status: parsed.data.status });
  }
}

const hashOf = (email: string): string => createHash('md5').update(email.toLowerCase()).digest('hex');
