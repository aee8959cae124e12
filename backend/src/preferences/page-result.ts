import { type Html, html, type Piece } from './html.js';
import type { Messages } from './messages/en.js';
import type { Offer } from './offers.js';
import { form, reasonSelect } from './page-parts.js';
import type { PageView, Result, StopResult, StreamName } from './page-view.js';

/** Names in one list before the rest is only counted: the page must not become a wall. */
const MOST_NAMES = 6;

const tick = html`<svg class="tick" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="M7 12.5l3.4 3.4L17 9"/></svg>`;

/** What just happened, in the page's language. */
export function resultSection(view: PageView, result: Result): Html {
  const { language: m } = view;
  switch (result.kind) {
    case 'stopped':
      return html`${stoppedCard(view, result)}${result.offers.length > 0 && result.receipt !== null && insteadCard(view, result.offers, result.receipt)}`;
    case 'paused':
      return card(m.pausedTitle, html`<p>${m.pausedText(dateOf(m, result.until))}</p>`, true);
    case 'fewer':
      return card(m.fewerTitle, html`<p>${m.fewerText(result.cap.n, result.cap.per)}</p>`, true);
    case 'noted':
      return card(m.pendingTitle, html`<p>${m.notedText}</p>`);
    case 'not-undone':
      return card(m.notUndoneTitle, html`<p>${m.notUndoneText}</p>`);
    case 'undone':
      return card(m.undoneTitle, html`<p>${m.undoneText}</p>`, true);
    case 'undo-over':
      return card(m.undoOverTitle, html`<p>${m.undoOverText}</p>`);
    case 'unchanged':
      return card(m.unchangedTitle, html`<p>${m.unchangedText}</p>`);
    case 'thanks':
      return card(m.reasonThanks, html``, true);
    case 'not-offered':
      return card(m.notOfferedTitle, html`<p>${m.notOfferedText}</p>`);
    case 'failed':
      return card(m.failedTitle, html`<p>${m.failedText}</p>`);
  }
}

function card(title: string, content: Html, done = false): Html {
  return html`<section class="card" role="status"><h1>${done && tick}${title}</h1>${content}</section>`;
}

function stoppedCard(view: PageView, result: StopResult): Html {
  const { language: m } = view;
  const { stopped, resumed, stayOff, goesOn, receipt } = result;
  const onlySaved = result.asked === 'picks' && stopped.length === 0;
  const title = result.pending ? m.pendingTitle : onlySaved ? m.savedTitle : m.stoppedTitle;
  return card(
    title,
    html`${result.pending && html`<p>${m.pendingText}</p>`}
${onlySaved && !result.pending && html`<p>${m.savedText}</p>`}
${stoppedText(m, result)}
${names(m, m.resumed, resumed, 'on')}
${names(m, m.stayOff, stayOff, 'off')}
${goesOn !== null && !onlySaved && goesOnText(m, goesOn)}
${receipt !== null && undoForm(view, receipt)}
${result.askReason && receipt !== null && reasonForm(view, receipt)}`,
    !result.pending,
  );
}

function stoppedText(m: Messages, { asked, stopped, widened, pending }: StopResult): Piece {
  const list = names(m, m.stoppedText, stopped, 'off');
  if (pending && (asked === 'everything' || asked === 'all')) return null;
  if (asked === 'everything') return html`<p>${m.stoppedEverything}</p>`;
  if (asked === 'all') return html`<p>${m.stoppedAll}</p>${list}`;
  if (stopped.length === 0) return asked === 'this' && !pending && html`<p>${m.stoppedBefore}</p>`;
  return html`${list}${widened && html`<p class="hint">${m.widened}</p>`}`;
}

function goesOnText(m: Messages, goesOn: readonly StreamName[]): Piece {
  return goesOn.length === 0 ? html`<p>${m.nothingGoesOn}</p>` : names(m, m.goesOn, goesOn, 'on');
}

function names(m: Messages, intro: string, list: readonly StreamName[], style: 'on' | 'off'): Piece {
  if (list.length === 0) return null;
  const rest = list.length - MOST_NAMES;
  return html`<p class="intro">${intro}</p><ul class="${style}">${list
    .slice(0, MOST_NAMES)
    .map(
      (each) => html`<li><bdi>${each.title}</bdi> <span class="from">${m.kinds[each.channel]}</span></li>`,
    )}${rest > 0 && html`<li class="rest">${m.more(rest)}</li>`}</ul>`;
}

function undoForm(view: PageView, receipt: string): Html {
  const { language: m } = view;
  return form(
    view,
    html`<input type="hidden" name="receipt" value="${receipt}"><div class="row"><button name="do" value="undo" aria-describedby="hint-undo">${m.undo}</button><p class="hint" id="hint-undo">${m.undoHint}</p></div>`,
  );
}

function insteadCard(view: PageView, offers: readonly Offer[], receipt: string): Html {
  const { language: m } = view;
  return html`<section class="card quiet"><h2>${m.insteadTitle}</h2><p class="hint">${m.insteadHint}</p>${form(
    view,
    html`<input type="hidden" name="receipt" value="${receipt}"><div class="offers">${offers.map(
      (offer) => html`<button name="do" value="${offer.id}">${nameOf(m, offer)}</button>`,
    )}</div>`,
  )}</section>`;
}

function nameOf(m: Messages, offer: Offer): string {
  return offer.kind === 'pause' ? m.pause(offer.days) : m.fewer(offer.cap.n, offer.cap.per);
}

function reasonForm(view: PageView, receipt: string): Html {
  const { language: m } = view;
  return html`<details><summary>${m.reasonQuestion}</summary>${form(
    view,
    html`<input type="hidden" name="receipt" value="${receipt}"><div class="row">${reasonSelect(m)}<button name="do" value="reason">${m.reasonSend}</button></div>`,
  )}</details>`;
}

function dateOf(m: Messages, at: number): string {
  // The last whole day: `at` is midnight after it.
  return new Intl.DateTimeFormat(m.code, { dateStyle: 'long', timeZone: 'UTC' }).format(at - 1);
}
