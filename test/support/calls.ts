import {
  BatchResult,
  DecisionView,
  PermissionAnswer,
  PermissionChanges,
  Suppression,
} from '@secateur/backend/contract';
import { expect } from 'vitest';
import type { RunningApp } from './app.js';

/** The answer of one call, its JSON not yet believed. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Place {
  readonly channel: string;
  readonly category: string;
  readonly origin: string;
}

/** What tests ask of the service over HTTP; answers are parsed by the contract. */
export class Calls {
  constructor(private readonly app: () => RunningApp) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Called> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await this.app().request(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: raw ? (body as RequestInit['body']) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Called> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Called> {
    return this.send('POST', path, body, headers);
  }

  /** Events of which every one must be taken. */
  async events(...events: object[]): Promise<BatchResult> {
    const { status, body } = await this.post('/v1/events', events);
    expect({ status, body }).toMatchObject({ status: 200, body: { rejected: [] } });
    return BatchResult.parse(body);
  }

  async profiles(...profiles: object[]): Promise<void> {
    const { status, body } = await this.post('/v1/subscribers', profiles);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { accepted: profiles.length, rejected: [] },
    });
  }

  /** Advertising by consent that is sent unless somebody said no, with a way to stop everything in each message. */
  async stream(key: string, place: Place, changes: object = {}): Promise<void> {
    const definition = { class: 'commercial', brand: 'shop', all_option_shown: true, legal_basis: 'consent' };
    const body = { ...place, ...definition, regime: 'opt_out', ...changes };
    const answer = await this.send('PUT', `/v1/streams/${key}`, body);
    expect(answer, key).toMatchObject({ status: 200 });
  }

  async optOut(request: object): Promise<DecisionView> {
    return this.#decided('/v1/opt-outs', request);
  }

  async optIn(request: object): Promise<DecisionView> {
    return this.#decided('/v1/opt-ins', request);
  }

  /** May this message go to these subscribers? */
  async checks(message: object, subscribers: readonly string[]): Promise<PermissionAnswer[]> {
    const { status, body } = await this.post('/v1/permissions/check', { message, subscribers });
    expect({ status, body }).toMatchObject({ status: 200 });
    return (body as { results: unknown[] }).results.map((result) => PermissionAnswer.parse(result));
  }

  async check(message: object, subscriber: string): Promise<PermissionAnswer> {
    const [answer] = await this.checks(message, [subscriber]);
    if (answer === undefined) throw new Error('no answer for one subscriber');
    return answer;
  }

  async changes(since: string, limit = 1000): Promise<PermissionChanges> {
    const { body } = await this.get(`/v1/permissions/changes?since=${since}&limit=${limit}`);
    return PermissionChanges.parse(body);
  }

  /** Every line of an export, followed through all its pages. */
  async suppressions(query = ''): Promise<Suppression[]> {
    const rows: Suppression[] = [];
    let path: string | undefined = `/v1/suppressions?${query}`;
    while (path !== undefined) {
      const { status, headers, body }: Called = await this.get(path);
      expect(status, String(body)).toBe(200);
      for (const line of String(body).split('\n'))
        if (line !== '') rows.push(Suppression.parse(JSON.parse(line)));
      path = nextOf(headers);
    }
    return rows;
  }

  async key(...scopes: string[]): Promise<Record<string, string>> {
    const { body } = await this.post('/v1/keys', { name: scopes.join(' '), scopes });
    return { authorization: `Bearer ${(body as { key: string }).key}` };
  }

  async #decided(path: string, request: object): Promise<DecisionView> {
    const { status, body } = await this.post(path, request);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'decided' } });
    return DecisionView.parse((body as { decision: unknown }).decision);
  }
}

/** The address of the next page in a `Link` header (RFC 8288). */
export function nextOf(headers: Headers): string | undefined {
  return /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
}

/** An instant that many minutes ago: two posts in the same millisecond would be a tie, and ties deny. */
export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
