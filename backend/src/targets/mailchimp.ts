import { createHash } from 'node:crypto';
import type { PermissionChange } from '../contract/permissions.js';
import type { MailchimpOptions } from '../contract/targets.js';
import type { Outbound, OutboundAnswer, OutboundCall } from '../outbound.js';
import type { MailSuppressions } from './mail-suppressions.js';
import { baseOf, jsonOf, type Sender, tried } from './sender.js';
import type { Target } from './target.js';
import { type Verdict, worst } from './verdict.js';

/**
 * Unsubscribes members of Mailchimp audiences. It never subscribes anybody: Mailchimp leaves that to the person.
 * An audience stands for several streams when several name it: its member is unsubscribed once one of them is closed.
 *
 * @see https://mailchimp.com/developer/marketing/api/list-members/update-list-member/
 */
export class MailchimpSender implements Sender {
  /** Mailchimp allows ten connections for each account, and ours is not the only one. */
  readonly concurrency = 4;
  readonly batch = 1;
  readonly #base: string;

  constructor(
    target: Target,
    private readonly options: MailchimpOptions,
    private readonly apiKey: string,
    private readonly mail: MailSuppressions,
    private readonly outbound: Outbound,
  ) {
    const centre = options.data_centre ?? dataCentreOf(apiKey);
    this.#base = baseOf(target.url === '' ? `https://${centre ?? ''}.api.mailchimp.com` : target.url);
  }

  send(changes: readonly PermissionChange[], signal: AbortSignal): Promise<Verdict[]> {
    return Promise.all(changes.map((change) => this.#send(change, signal)));
  }

  async test(signal: AbortSignal): Promise<Verdict> {
    const { verdict } = await this.#ask({ method: 'GET', url: '/3.0/ping', signal });
    if (verdict.kind !== 'acknowledged') return verdict;
    for (const list of new Set(Object.values(this.options.lists)))
      if (await this.#isMissing(list, signal)) return missing(list);
    return verdict;
  }

  async #send(change: PermissionChange, signal: AbortSignal): Promise<Verdict> {
    const mail = await this.mail.of(change, Date.now());
    if (mail.email === null) return nothing(mail.reason);
    const { closed, reopened } = mail.suppression;
    const { lists } = this.options;
    const listsOf = (streams: ReadonlySet<string>) =>
      new Set(Object.keys(lists).flatMap((key) => (streams.has(key) ? (lists[key] ?? []) : [])));
    const verdicts: Verdict[] = [];
    for (const list of listsOf(closed)) verdicts.push(await this.#unsubscribe(list, mail.email, signal));
    const isReopened = listsOf(reopened).size > 0;
    const note = isReopened ? ['nobody is subscribed again: Mailchimp leaves that to the person'] : [];
    const found = worst(verdicts);
    if (found === undefined) return nothing(note[0] ?? 'no mapped stream is concerned');
    if (found.kind !== 'acknowledged') return found;
    return { ...found, detail: [...verdicts.map(({ detail }) => detail), ...note].join('; ') };
  }

  async #unsubscribe(list: string, email: string, signal: AbortSignal): Promise<Verdict> {
    const member = createHash('md5').update(email.toLowerCase()).digest('hex');
    const { verdict, answer } = await this.#ask({
      method: 'PATCH',
      url: `/3.0/lists/${list}/members/${member}`,
      body: JSON.stringify({ status: 'unsubscribed' }),
      signal,
    });
    if (verdict.kind === 'acknowledged') return { ...verdict, detail: `unsubscribed from ${list}` };
    // A list that is not there answers just the same as one without this member.
    if (verdict.status === 404) {
      if (await this.#isMissing(list, signal)) return missing(list);
      return { kind: 'acknowledged', status: 404, detail: `no member of ${list}` };
    }
    // Unsubscribed, bounced or under review there: nothing is sent, and Mailchimp lets nobody change it.
    if (verdict.status === 400 && titleOf(answer) === 'Member In Compliance State')
      return { kind: 'acknowledged', status: 400, detail: `not sent to by ${list} already` };
    return verdict.kind === 'gone' ? { ...verdict, kind: 'refused' } : verdict;
  }

  async #isMissing(list: string, signal: AbortSignal): Promise<boolean> {
    const { answer } = await this.#ask({ method: 'GET', url: `/3.0/lists/${list}?fields=id`, signal });
    return answer?.status === 404 && titleOf(answer) === 'Resource Not Found';
  }

  #ask({ url, ...call }: OutboundCall): ReturnType<typeof tried> {
    const headers = {
      authorization: `Basic ${Buffer.from(`anystring:${this.apiKey}`).toString('base64')}`,
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return tried(this.outbound, { ...call, url: `${this.#base}${url}`, headers });
  }
}

/** The data centre that a key names after its dash. @example dataCentreOf('0123abcd-us21') // 'us21' */
export function dataCentreOf(apiKey: string): string | null {
  return /-([a-z]{2,4}\d{1,4})$/.exec(apiKey)?.[1] ?? null;
}

/** The title of Mailchimp's problem document. */
function titleOf(answer: OutboundAnswer | null): unknown {
  const body = jsonOf(answer);
  return typeof body === 'object' && body !== null && 'title' in body ? body.title : undefined;
}

const nothing = (reason: string): Verdict => ({
  kind: 'acknowledged',
  status: null,
  detail: `nothing to write: ${reason}`,
});

const missing = (list: string): Verdict => ({
  kind: 'away',
  status: 404,
  detail: `no such audience: ${list}`,
});
