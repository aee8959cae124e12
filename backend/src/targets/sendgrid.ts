import { Logger } from '@nestjs/common';
import { EngineAwayError, QueryFailedError } from '@secateur/sql';
import type { PermissionChange } from '../contract/permissions.js';
import type { SendGridOptions } from '../contract/targets.js';
import { errorFields } from '../log.js';
import type { Outbound, OutboundAnswer, OutboundCall } from '../outbound.js';
import type { MailSuppression, MailSuppressions } from './mail-suppressions.js';
import { baseOf, jsonOf, type Sender, tried } from './sender.js';
import type { Target } from './target.js';
import { unsendable, type Verdict, worst } from './verdict.js';

/** How long an unsubscribe group that was there counts as there. */
const groupsHoldMs = 600_000;

/** What one change asks of SendGrid; it is settled by the worst of its calls. */
interface Work {
  /** null when it could not be found out. */
  readonly mail: MailSuppression | null;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly notes: readonly string[];
  readonly verdicts: Verdict[];
}

const globalPath = '/v3/asm/suppressions/global';
const groupPath = (group: number): string => `/v3/asm/groups/${group}/suppressions`;

/**
 * Writes suppressions into SendGrid's unsubscribe groups and, where it is told to, the global suppressions.
 * A group stands for several streams when several name it: it is closed while one of them is.
 *
 * @see https://www.twilio.com/docs/sendgrid/api-reference/suppressions-suppressions
 */
export class SendGridSender implements Sender {
  /** One call holds a whole batch, so two are enough to keep one on its way while another is answered. */
  readonly concurrency = 2;
  readonly batch = 100;
  readonly #base: string;
  readonly #log = new Logger('Targets');
  #groups: { missing: ReadonlySet<number>; until: number } = { missing: new Set(), until: 0 };

  constructor(
    target: Target,
    private readonly options: SendGridOptions,
    private readonly apiKey: string,
    private readonly mail: MailSuppressions,
    private readonly outbound: Outbound,
  ) {
    this.#base = baseOf(target.url === '' ? 'https://api.sendgrid.com' : target.url);
  }

  async send(changes: readonly PermissionChange[], signal: AbortSignal): Promise<Verdict[]> {
    const now = Date.now();
    const works: Work[] = [];
    for (const change of changes) works.push(await this.#workOf(change, now));
    await this.#refuseMissingGroups(works, signal);
    await this.#addAll(works, signal);
    await this.#removeAll(works, signal);
    return works.map(settledBy);
  }

  async test(signal: AbortSignal): Promise<Verdict> {
    const { verdict, answer } = await this.#askGroups(signal);
    const missing = [...missingOf(Object.values(this.options.groups), answer)];
    if (verdict.kind !== 'acknowledged' || missing.length === 0) return verdict;
    return { kind: 'away', status: verdict.status, detail: missingText(missing) };
  }

  /** What fails over one change does not fail over the others of its call. @throws EngineAwayError @throws QueryFailedError */
  async #workOf(change: PermissionChange, now: number): Promise<Work> {
    try {
      return this.#worksOut(await this.mail.of(change, now));
    } catch (error) {
      if (error instanceof EngineAwayError || error instanceof QueryFailedError) throw error;
      this.#log.error('suppression not known', { decision: change.decision, ...errorFields(error) });
      return { mail: null, add: [], remove: [], notes: [], verdicts: [unsendable] };
    }
  }

  #worksOut(mail: MailSuppression): Work {
    if (mail.email === null) return { mail, add: [], remove: [], notes: [], verdicts: [] };
    const { closed, reopened, channel } = mail.suppression;
    const add: string[] = [];
    const remove: string[] = [];
    const notes: string[] = [];
    for (const group of new Set(Object.values(this.options.groups))) {
      const streams = Object.keys(this.options.groups).filter((key) => this.options.groups[key] === group);
      if (streams.some((key) => closed.has(key))) add.push(groupPath(group));
      else if (streams.some((key) => reopened.has(key))) remove.push(groupPath(group));
    }
    if (this.options.global_suppressions === true) {
      if (channel === 'closed') add.push(globalPath);
      if (channel === 'lifted') remove.push(globalPath);
      if (channel === 'narrowed') notes.push('a global suppression stays: other streams are closed');
    }
    return { mail, add, remove, notes, verdicts: [] };
  }

  /** What is written to a group that does not exist lands in the global suppressions, says the documentation. */
  async #refuseMissingGroups(works: readonly Work[], signal: AbortSignal): Promise<void> {
    if (works.every(({ add }) => add.every((path) => path === globalPath))) return;
    if (this.#groups.until <= Date.now()) {
      const { answer } = await this.#askGroups(signal);
      // Without an answer nothing is known to be missing: the key may not be allowed to ask.
      this.#groups = {
        missing: missingOf(Object.values(this.options.groups), answer),
        until: Date.now() + groupsHoldMs,
      };
    }
    const missing = [...this.#groups.missing];
    for (const { add, verdicts } of works) {
      if (!missing.some((group) => add.includes(groupPath(group)))) continue;
      verdicts.push({ kind: 'away', status: null, detail: missingText(missing) });
      // Made at SendGrid meanwhile, it is seen at the next try.
      this.#groups = { ...this.#groups, until: 0 };
    }
  }

  async #addAll(works: readonly Work[], signal: AbortSignal): Promise<void> {
    for (const path of new Set(works.flatMap(({ add }) => add))) {
      const asking = works.filter((work) => work.add.includes(path) && isOpen(work));
      if (asking.length > 0) await this.#add(path, asking, signal);
    }
  }

  /** One call for all. Refused, each goes alone, so that one bad address does not hold up the rest. */
  async #add(path: string, works: readonly Work[], signal: AbortSignal): Promise<void> {
    const emails = works.flatMap(({ mail }) => mail?.email ?? []);
    const body = JSON.stringify({ recipient_emails: emails });
    const verdict = await this.#call({ method: 'POST', url: path, body, signal });
    if (verdict.kind === 'refused' && works.length > 1) {
      for (const work of works) await this.#add(path, [work], signal);
      return;
    }
    for (const { verdicts } of works) verdicts.push(verdict);
  }

  /** One call for each. Once SendGrid is away it is not asked for the others. */
  async #removeAll(works: readonly Work[], signal: AbortSignal): Promise<void> {
    let away: Verdict | undefined;
    for (const work of works.filter(isOpen)) {
      for (const path of work.remove) {
        const url = `${path}/${encodeURIComponent(work.mail?.email ?? '')}`;
        const verdict = away ?? (await this.#call({ method: 'DELETE', url, signal }));
        if (verdict.kind === 'away') away = verdict;
        // It was not suppressed there.
        work.verdicts.push(verdict.status === 404 ? { ...verdict, kind: 'acknowledged' } : verdict);
      }
    }
  }

  async #call(call: OutboundCall): Promise<Verdict> {
    const { verdict } = await this.#ask(call);
    // To a provider 410 is a call that it no longer knows, and no end of a subscription.
    return verdict.kind === 'gone' ? { ...verdict, kind: 'refused' } : verdict;
  }

  #askGroups(signal: AbortSignal): ReturnType<typeof tried> {
    const ids = [...new Set(Object.values(this.options.groups))].map((group) => `id=${group}`);
    return this.#ask({ method: 'GET', url: `/v3/asm/groups?${ids.join('&')}`, signal });
  }

  #ask({ url, ...call }: OutboundCall): ReturnType<typeof tried> {
    const headers = {
      authorization: `Bearer ${this.apiKey}`,
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return tried(this.outbound, { ...call, url: `${this.#base}${url}`, headers });
  }
}

const isOpen = ({ verdicts }: Work): boolean => verdicts.every(({ kind }) => kind === 'acknowledged');

/** The groups that SendGrid says are not there; none where it did not answer with a list. */
function missingOf(groups: readonly number[], answer: OutboundAnswer | null): Set<number> {
  const listed = answer?.status === 200 ? jsonOf(answer) : undefined;
  if (!Array.isArray(listed)) return new Set();
  const there = new Set(listed.map((group: { id?: unknown } | null) => Number(group?.id)));
  return new Set(groups.filter((group) => !there.has(group)));
}

const missingText = (missing: readonly number[]): string =>
  `no such unsubscribe group: ${missing.slice(0, 10).join(', ')}`;

function settledBy({ mail, add, remove, notes, verdicts }: Work): Verdict {
  const found = worst(verdicts);
  if (mail?.email === null)
    return { kind: 'acknowledged', status: null, detail: `nothing to write: ${mail.reason}` };
  if (found === undefined) {
    const detail = ['nothing to write: no mapped stream is concerned', ...notes].join('; ');
    return { kind: 'acknowledged', status: null, detail };
  }
  if (found.kind !== 'acknowledged') return found;
  const written = [
    ...(add.length === 0 ? [] : [`suppressed in ${add.map(placeOf).join(', ')}`]),
    ...(remove.length === 0 ? [] : [`no longer suppressed in ${remove.map(placeOf).join(', ')}`]),
    ...notes,
  ];
  return { ...found, detail: written.join('; ') };
}

const placeOf = (path: string): string => (path === globalPath ? 'all' : `group ${path.split('/')[4] ?? ''}`);
