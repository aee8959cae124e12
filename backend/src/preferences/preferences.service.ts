import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { errorFields } from '../log.js';
import type { MachineSign } from '../opt-outs/machine-signs.js';
import type { Incoming, Outcome } from '../opt-outs/request.js';
import type { Seal } from '../seal.js';
import * as choices from './choices.js';
import type { Form } from './form.js';
import type { Messages } from './messages/en.js';
import { offerNamed, offersOf } from './offers.js';
import { pageCssVersion } from './page-css.js';
import type { PageView, PrivacySignal, Result } from './page-view.js';
import { type PersonalStream, PreferencePorts, PreferenceSettings } from './ports.js';
import { openReceipt, type Receipt, receiptSeal, sealReceipt, UNDO_FOR } from './receipt.js';
import { Recent } from './recent.js';
import { boxesOf, isCopy, isWaiting, nameOf, stopResult, undoResult } from './results.js';
import { linkSeal, type OpenLink, openLink } from './token.js';

/**
 * How often the same press, taken back in between, is numbered, so that copies of it at one moment stay one opt-out.
 * From then on each has an id of its own: two opt-outs are better than none.
 */
const MOST_AGAIN = 8;

/** A copy waits this long, so often, for what is under way to be decided, before it counts as an opt-out of its own. */
const SETTLE = { ms: 50, times: 10 };

/** Links whose signals are remembered while the engine is away: about 1 MB. */
const MOST_WAITING = 10_000;

/** What a visit through a link does. Decides nothing itself: that is the opt-out service's. */
@Injectable()
export class PreferencesService {
  private readonly log = new Logger('Preferences');
  private readonly links: Seal;
  private readonly receipts: Seal;
  /** Links whose signal was recorded while the engine was away. */
  private readonly waiting = new Recent<string>(MOST_WAITING);

  constructor(
    @Inject(PreferencePorts) private readonly ports: PreferencePorts,
    @Inject(PreferenceSettings) private readonly settings: PreferenceSettings,
  ) {
    this.links = linkSeal(settings.secrets);
    this.receipts = receiptSeal(settings.secrets);
  }

  open(token: string): OpenLink | null {
    return openLink(this.links, token);
  }

  get stylesheet(): string {
    return `/u/assets/page.css?v=${pageCssVersion}`;
  }

  /** @returns whether the opt-out is decided; otherwise it is durable and waits for the engine */
  async oneClick(link: OpenLink, signs: readonly MachineSign[] = []): Promise<boolean> {
    const [outcome] = await this.stop([choices.oneClick(this.visit(link), signs)]);
    return outcome?.state !== 'pending';
  }

  /**
   * Records the opt-out of profiling that the browser asks for, once for each link. It stops no message.
   * @returns what the page may claim; null when nobody is known behind the link, or it could not be recorded
   */
  async honour(link: OpenLink): Promise<PrivacySignal | null> {
    const request = choices.signalled(this.visit(link));
    try {
      const listed = await this.ports.streamsOf(request.who, request.request.channel);
      // Of an erased person nothing is kept that could be asked about.
      if (listed?.length === 0) return null;
      // While the engine is away every reload would be one more record in the journal.
      if (listed === null && this.waiting.has(link.id)) return 'noted';
      const [outcome] = await this.submit([request]);
      if (outcome === undefined || outcome.state === 'quarantined') return null;
      if (outcome.state !== 'pending') return 'honoured';
      this.waiting.add(link.id);
      return 'noted';
    } catch (error) {
      this.log.warn('a privacy signal could not be recorded', errorFields(error));
      return null;
    }
  }

  /** The page as it stands, or with what was just done. Reads only. */
  async page(
    link: OpenLink,
    token: string,
    language: Messages,
    {
      result = null,
      privacySignal = null,
    }: { result?: Result | null; privacySignal?: PrivacySignal | null } = {},
  ): Promise<PageView> {
    const { stream } = this.visit(link);
    const [listed, addressHint] = await Promise.all([this.listed(link), this.hint(link)]);
    const own = listed?.find((line) => line.stream.key === stream?.key);
    return {
      language,
      action: `/u/${token}`,
      stylesheet: this.stylesheet,
      formId: randomBytes(8).toString('hex'),
      channel: link.stream.channel,
      stream: stream === undefined ? null : nameOf(stream),
      already: own?.reason === 'opt_out',
      boxes: listed === null ? null : boxesOf(link, listed, stream?.key),
      essential: listed?.some((line) => line.subscribed && line.stream.class === 'essential') ?? false,
      addressHint,
      result,
      privacySignal: listed?.some(isProfiled) ? null : privacySignal,
    };
  }

  /** Does what a button of the page says. Rejects when it could not be made durable. */
  async act(link: OpenLink, form: Form): Promise<Result> {
    const visit = this.visit(link);
    switch (form.do) {
      case 'stop':
      case 'all':
      case 'everything': {
        const request = choices.pressed(visit, form.do, form.id, form.reason);
        const outcomes = await this.stop([request]);
        return this.stopped(visit, [request], outcomes, [], [], form.reason === null);
      }
      case 'save': {
        const catalogue = this.ports.catalogue();
        const listed = form.changes.ticked.length === 0 ? null : await this.listed(link);
        const { stops, starts } = choices.saved(visit, form.changes, form.id, catalogue, listed);
        if (form.changes.ticked.length + stops.length === 0) return { kind: 'unchanged' };
        const [stopped, started] = [await this.stop(stops), await this.submit(starts)];
        return this.stopped(visit, stops, stopped, form.changes.ticked, started, stops.length > 0);
      }
      default:
        return this.actOnReceipt(visit, form);
    }
  }

  private async actOnReceipt(
    visit: choices.Visit,
    form: Extract<Form, { receipt: string }>,
  ): Promise<Result> {
    const receipt = openReceipt(this.receipts, form.receipt, visit.link.id, visit.now);
    const [stop] = receipt?.stops ?? [];
    if (receipt === null) return { kind: 'undo-over' };
    if (form.do === 'undo') {
      return undoResult(await this.submit(choices.takenBack(visit, [...receipt.stops, ...receipt.starts])));
    }
    if (stop === undefined) return { kind: 'unchanged' };
    if (form.do === 'instead') return this.takeInstead(visit, receipt, form.offer);
    if (form.reason !== null) await this.ports.noteReason?.(stop, form.reason);
    return { kind: 'thanks' };
  }

  private async takeInstead(visit: choices.Visit, receipt: Receipt, id: string): Promise<Result> {
    const offer = offerNamed(id, receipt.offers);
    if (offer === undefined) return { kind: 'not-offered' };
    if (offer.kind === 'cap') {
      const outcomes = await this.submit(choices.fewerInstead(visit, receipt, offer));
      return outcomes.some(isWaiting) ? { kind: 'noted' } : { kind: 'fewer', cap: offer.cap };
    }
    const requests = choices.pausedInstead(visit, receipt, offer);
    if ((await this.submit(requests)).some(isWaiting)) return { kind: 'noted' };
    return { kind: 'paused', until: requests.at(-1)?.request.until ?? visit.now };
  }

  private async stopped(
    visit: choices.Visit,
    stops: readonly Incoming[],
    outcomes: readonly Outcome[],
    ticked: readonly string[],
    started: readonly Outcome[],
    mayAskReason: boolean,
  ): Promise<Result> {
    const listed = await this.listed(visit.link);
    const result = stopResult(visit, stops, outcomes, ticked, listed, this.ports.catalogue());
    const receipt: Receipt = {
      link: visit.link.id,
      stops: outcomes.flatMap(decisionOf),
      starts: started.flatMap(decisionOf),
      asked: stops.length === 1 ? (stops[0]?.request.asked ?? 'this') : stops.flatMap(pickedOf).slice(0, 100),
      offers: ruledOffers(outcomes),
      expires: visit.now + UNDO_FOR,
    };
    const takeable = receipt.stops.length + receipt.starts.length > 0;
    return {
      ...result,
      receipt: takeable ? sealReceipt(this.receipts, receipt) : null,
      offers: receipt.stops.length > 0 && result.asked !== 'everything' ? offersOf(receipt.offers) : [],
      askReason: mayAskReason && receipt.stops.length > 0 && this.ports.noteReason !== null,
    };
  }

  /**
   * Submits opt-outs so that a copy changes nothing (INV-8058-10), but a press after the earlier opt-out was taken back
   * is a new one: an opt-out must never be lost as a duplicate.
   */
  private async stop(requests: readonly Incoming[]): Promise<Outcome[]> {
    const outcomes = await this.submit(requests);
    for (const [index, incoming] of requests.entries()) {
      for (let again = 2; again <= MOST_AGAIN && isCopy(outcomes[index]); again++) {
        const listed = await this.settled(incoming);
        if (listed === null || !choices.stillOpen(incoming.request, listed)) break;
        const eventId = `${incoming.request.eventId}:${again < MOST_AGAIN ? again : randomUUID()}`;
        const request = { ...incoming.request, eventId, decision: randomUUID() };
        const [outcome] = await this.submit([{ ...incoming, request }]);
        if (outcome !== undefined) outcomes[index] = outcome;
      }
    }
    return outcomes;
  }

  /** How things stand after what is under way; `pending` when that takes long. */
  private async settled({ who, request }: Incoming): Promise<PersonalStream[] | null> {
    for (let time = 1; ; time++) {
      const listed = await this.ports.streamsOf(who, request.channel);
      if (time === SETTLE.times || !listed?.some(({ reason }) => reason === 'pending')) return listed;
      await wait(SETTLE.ms);
    }
  }

  private async submit(requests: readonly Incoming[]): Promise<Outcome[]> {
    return requests.length === 0 ? [] : this.ports.submit([...requests]);
  }

  /**
   * null when the engine is away, or while a request of the person waits: nobody can tell how things stand. Then the
   * page does without its list, and every button works as before.
   */
  private async listed(link: OpenLink): Promise<PersonalStream[] | null> {
    try {
      const listed = await this.ports.streamsOf(choices.whoOf(link), link.stream.channel);
      return listed?.some(({ reason }) => reason === 'pending') ? null : listed;
    } catch (error) {
      this.log.warn('page without list', errorFields(error));
      return null;
    }
  }

  private async hint(link: OpenLink): Promise<string | null> {
    try {
      return await this.ports.addressHint(choices.whoOf(link));
    } catch (error) {
      this.log.warn('page without address', errorFields(error));
      return null;
    }
  }

  private visit(link: OpenLink): choices.Visit {
    return choices.visit(link, this.ports.catalogue(), this.settings.now(), randomUUID);
  }
}

/** The person asked for profiling after the signal: then it is not what holds. */
function isProfiled({ stream, allowed }: PersonalStream): boolean {
  return stream.class === 'profiling' && allowed;
}

/** Of this press alone: the decision that a copy names may be of any age, and its time to be taken back is over. */
function decisionOf(outcome: Outcome): string[] {
  if (outcome.state === 'quarantined' || outcome.state === 'duplicate' || isCopy(outcome)) return [];
  return [outcome.state === 'decided' ? outcome.decision.id : outcome.decision];
}

/** Rules speak of a single opt-out alone: picks, which may be several, are taken as they are. */
function ruledOffers([outcome]: readonly Outcome[]) {
  return outcome?.state === 'decided' ? outcome.decision.offers : null;
}

function pickedOf({ request }: Incoming) {
  return typeof request.asked === 'object' ? request.asked : [];
}
