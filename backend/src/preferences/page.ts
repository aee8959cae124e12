import { type Html, html, type Piece } from './html.js';
import { languages } from './language.js';
import type { Messages } from './messages/en.js';
import { choice, form, reasonSelect, streamHeading } from './page-parts.js';
import { resultSection } from './page-result.js';
import type { Box, PageView, PrivacySignal } from './page-view.js';

/** The whole page: before a choice, and after it. Pure. Works without JavaScript, because there is none. */
export function renderPage(view: PageView): string {
  const { language: m, result } = view;
  const body =
    result === null
      ? [
          view.already ? alreadySection(view) : chooseSection(view),
          view.already && widerSection(view),
          listSection(view),
        ]
      : [resultSection(view, result), offersWider(view) && widerSection(view), listSection(view)];
  return renderShell(m, view.stylesheet, titleOf(view), view.action, view.stream?.brand ?? '', [
    ...body,
    view.privacySignal !== null && signalSection(m, view.privacySignal),
    view.essential && html`<p class="note">${m.essential}</p>`,
    html`<footer>${view.addressHint !== null && html`<p>${m.address(view.addressHint)}</p>`}${result === null && html`<p>${view.privacySignal === null ? m.quiet : m.quietSignal}</p>`}</footer>`,
  ]);
}

/** A page that says one thing: a link that does not open, a failure. */
export function renderNotice(
  m: Messages,
  stylesheet: string,
  title: string,
  text: string,
  back: string | null,
): string {
  return renderShell(m, stylesheet, title, null, '', [
    html`<section class="card"><h1>${title}</h1><p>${text}</p>${
      back !== null && html`<p><a class="button" href="${back}">${m.back}</a></p>`
    }</section>`,
  ]);
}

function renderShell(
  m: Messages,
  stylesheet: string,
  title: string,
  path: string | null,
  brand: string,
  body: readonly Piece[],
): string {
  const switches = languages.map((each) =>
    each.code === m.code
      ? html`<span aria-current="true">${each.name}</span>`
      : html`<a href="${path ?? ''}?lang=${each.code}" lang="${each.code}" hreflang="${each.code}">${each.name}</a>`,
  );
  return html`<!doctype html>
<html lang="${m.code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<header><p class="brand"><bdi>${brand}</bdi></p><nav aria-label="${m.languageLabel}">${switches}</nav></header>
<main>
${body}
</main>
</body>
</html>
`.text;
}

function titleOf({ language: m, result, already }: PageView): string {
  if (result === null) return already ? m.alreadyTitle : m.chooseTitle;
  switch (result.kind) {
    case 'stopped':
      if (result.pending) return m.pendingTitle;
      return result.stopped.length > 0 || result.asked !== 'picks' ? m.stoppedTitle : m.savedTitle;
    case 'paused':
      return m.pausedTitle;
    case 'fewer':
      return m.fewerTitle;
    case 'noted':
      return m.pendingTitle;
    case 'not-undone':
      return m.notUndoneTitle;
    case 'undone':
      return m.undoneTitle;
    case 'undo-over':
      return m.undoOverTitle;
    case 'unchanged':
      return m.unchangedTitle;
    case 'thanks':
      return m.reasonThanks;
    case 'not-offered':
      return m.notOfferedTitle;
    case 'failed':
      return m.failedTitle;
  }
}

function chooseSection(view: PageView): Html {
  const { language: m } = view;
  return html`<section class="card">
<h1>${m.chooseTitle}</h1>
${streamHeading(m, view.stream)}
${form(
  view,
  html`<div class="choices">
${choice('stop', m.stop, m.stopHint, 'primary')}
${choice('all', m.all[view.channel], m.allHint)}
${choice('everything', m.everything, m.everythingHint)}
</div>
<details><summary>${m.reasonQuestion}</summary>${reasonSelect(m)}</details>`,
)}
</section>`;
}

function alreadySection({ language: m, stream }: PageView): Html {
  return html`<section class="card">
<h1>${m.alreadyTitle}</h1>
${streamHeading(m, stream)}
<p>${m.alreadyText}</p>
</section>`;
}

/** 11 CCR 7025(c)(6): a business shows that it has honoured the signal. */
function signalSection(m: Messages, signal: PrivacySignal): Html {
  return html`<section class="card quiet" id="signal"><h2>${m.signalTitle[signal]}</h2><p>${m.signalText[signal]}</p></section>`;
}

/** "Stop all" and "stop everything" stay one click away after a narrower choice. */
function widerSection(view: PageView): Html {
  const { language: m } = view;
  return html`<section class="card quiet">
<h2>${m.wider}</h2>
${form(
  view,
  html`<div class="choices">
${choice('all', m.all[view.channel], m.allHint)}
${choice('everything', m.everything, m.everythingHint)}
</div>`,
)}
</section>`;
}

function offersWider({ result }: PageView): boolean {
  return result?.kind !== 'stopped' || result.asked === 'this' || result.asked === 'picks';
}

/** After a choice the list is folded away: what happened comes first, and the page stays short. */
function listSection(view: PageView): Piece {
  const { language: m, boxes, result } = view;
  if (boxes === null || boxes.length === 0) return null;
  const folded = result !== null && result.kind !== 'undo-over' && result.kind !== 'unchanged';
  if (!folded)
    return html`<section class="card quiet"><h2>${m.listTitle}</h2>${boxForm(view, boxes)}</section>`;
  return html`<details class="card quiet"><summary>${m.listOpen}</summary>${boxForm(view, boxes)}</details>`;
}

function boxForm(view: PageView, boxes: readonly Box[]): Html {
  const { language: m } = view;
  const channels = [...new Set(boxes.map((box) => box.channel))];
  const severalBrands = new Set(boxes.map((box) => box.brand)).size > 1;
  const row = (box: Box) => boxRow(m, severalBrands ? box : { ...box, brand: '' });
  return html`<p class="hint">${m.listHint}</p>
${form(
  view,
  html`${channels.map(
    (channel) => html`<fieldset><legend>${m.kinds[channel]}</legend>
${boxes.filter((box) => box.channel === channel).map(row)}</fieldset>`,
  )}
<button name="do" value="save">${m.save}</button>`,
)}`;
}

function boxRow(m: Messages, box: Box): Html {
  const id = `box-${box.key}`;
  const state = html`${box.ticked && html` checked`}${box.locked && html` disabled aria-describedby="${id}-hint"`}`;
  const shown =
    !box.locked && html`<input type="hidden" name="${box.ticked ? 'on' : 'off'}" value="${box.key}">`;
  return html`<div class="box">${shown}<input type="checkbox" id="${id}" name="box" value="${box.key}"${state}><label for="${id}"><bdi>${box.title}</bdi>${
    box.brand !== '' && html` <span class="from"><bdi>${box.brand}</bdi></span>`
  }</label>${box.locked && html`<p class="hint" id="${id}-hint">${m.elsewhere}</p>`}</div>
`;
}
