import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { RateLimits } from '../auth/rate-limit.js';
import { BusyError } from '../errors.js';
import { errorFields } from '../log.js';
import { EdgeHits } from './edge-hits.js';
import { readForm } from './form.js';
import { chooseLanguage } from './language.js';
import type { Messages } from './messages/en.js';
import { isOneClick } from './one-click.js';
import { Pace } from './pace.js';
import { renderNotice, renderPage } from './page.js';
import type { PrivacySignal, Result } from './page-view.js';
import { PreferencesService } from './preferences.service.js';
import type { OpenLink } from './token.js';

/** What a request to a link says. Cookies and Authorization are left out on purpose: nothing here may read them. */
export interface EdgeRequest {
  method: string;
  token: string;
  body: Uint8Array;
  lang: string | undefined;
  acceptLanguage: string | undefined;
  userAgent: string | undefined;
  prefetch: boolean;
  /** The browser asks for the person: `Sec-GPC: 1`, Global Privacy Control. */
  privacySignal: boolean;
  /** Network address of the client. */
  address: string;
}

export interface EdgeAnswer {
  status: number;
  type: 'html' | 'text';
  body: string;
}

const RECEIVED = 'Your unsubscribe request was received.\n';

@Injectable()
export class PreferencesController {
  private readonly log = new Logger('Preferences');
  private readonly pace = new Pace();
  /** Of requests that carry a signal, which take longer. */
  private readonly signalPace = new Pace();

  constructor(
    @Inject(PreferencesService) private readonly preferences: PreferencesService,
    @Inject(EdgeHits) private readonly hits: EdgeHits,
    @Optional() @Inject(RateLimits) private readonly limits: RateLimits | null,
  ) {}

  /**
   * GET and HEAD: shows the page and stops no message, whoever asks (INV-8058-8). The one thing that a GET may record is
   * the opt-out of profiling that the browser's own signal asks for (ADR 7).
   */
  async read(request: EdgeRequest): Promise<EdgeAnswer> {
    const language = chooseLanguage(request.lang, request.acceptLanguage);
    const link = this.preferences.open(request.token);
    if (link === null) return this.badLink(language, request);
    const { method, prefetch, userAgent = '' } = request;
    this.hits.note({ link: link.id, method, at: Date.now(), prefetch, userAgent });
    const isSeen = method !== 'HEAD' && !prefetch;
    const privacySignal = isSeen ? await this.honoured(link, request) : null;
    return page(
      200,
      renderPage(await this.preferences.page(link, request.token, language, { privacySignal })),
    );
  }

  /** POST: a mailbox provider's one-click, or a button of the page. Anything else is answered as a GET is. */
  async write(request: EdgeRequest): Promise<EdgeAnswer> {
    if (isOneClick(request.body)) return this.oneClick(request);
    const form = readForm(request.body);
    if (form === null) return this.read(request);
    const language = chooseLanguage(request.lang, request.acceptLanguage);
    const link = this.preferences.open(request.token);
    if (link === null) return this.badLink(language, request);
    let result: Result;
    try {
      result = await this.preferences.act(link, form);
    } catch (error) {
      this.log.error('a choice could not be saved', errorFields(error));
      result = { kind: 'failed' };
    }
    const status = statusFor(result);
    const privacySignal = await this.honoured(link, request);
    return page(
      status,
      renderPage(await this.preferences.page(link, request.token, language, { result, privacySignal })),
    );
  }

  /** For what went wrong before or beside a page: never a stack, and in the person's language. */
  failed(request: Pick<EdgeRequest, 'lang' | 'acceptLanguage'>, error: unknown): EdgeAnswer {
    const status = statusOf(error);
    if (status >= 500) this.log.error('the public page failed', errorFields(error));
    const m = chooseLanguage(request.lang, request.acceptLanguage);
    return page(status, renderNotice(m, this.preferences.stylesheet, m.failedTitle, m.failedText, null));
  }

  /** One answer for a genuine link, a forged one, an unknown key and an erased person (INV-8058-4). */
  private async oneClick(request: EdgeRequest): Promise<EdgeAnswer> {
    const link = this.preferences.open(request.token);
    const pace = request.privacySignal ? this.signalPace : this.pace;
    if (link === null) {
      this.limits?.take('bad_token', request.address);
      await wait(Math.max(pace.like(), this.pace.like()));
      return text(200, RECEIVED);
    }
    const began = performance.now();
    const signs = this.hits.signsOf(link, request.userAgent, Date.now());
    const [decided] = await Promise.all([
      this.preferences.oneClick(link, signs),
      this.honoured(link, request),
    ]);
    pace.note(performance.now() - began);
    return text(decided ? 200 : 202, RECEIVED);
  }

  private async honoured(link: OpenLink, { privacySignal }: EdgeRequest): Promise<PrivacySignal | null> {
    return privacySignal ? this.preferences.honour(link) : null;
  }

  private badLink(m: Messages, { address }: EdgeRequest): EdgeAnswer {
    this.limits?.take('bad_token', address);
    return page(404, renderNotice(m, this.preferences.stylesheet, m.badLinkTitle, m.badLinkText, null));
  }
}

function page(status: number, body: string): EdgeAnswer {
  return { status, type: 'html', body };
}

function text(status: number, body: string): EdgeAnswer {
  return { status, type: 'text', body };
}

function statusFor(result: Result): number {
  if (result.kind === 'failed') return 503;
  if (result.kind === 'not-offered') return 400;
  return result.kind === 'noted' || (result.kind === 'stopped' && result.away) ? 202 : 200;
}

/** What the client did wrong is told as such; everything else is ours, and worth another try. */
function statusOf(error: unknown): number {
  if (error instanceof BusyError) return 429;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 503;
}
