import { reasons } from './form.js';
import { type Html, html } from './html.js';
import type { Messages } from './messages/en.js';
import type { PageView, StreamName } from './page-view.js';

export function streamHeading(m: Messages, stream: StreamName | null): Html {
  if (stream === null) return html`<p class="stream"><strong>${m.thisMessage}</strong></p>`;
  const kind = m.kinds[stream.channel];
  return html`<p class="stream"><strong><bdi>${stream.title}</bdi></strong><span>${
    stream.brand === '' ? kind : m.from(kind, stream.brand)
  }</span></p>`;
}

/** A button with the line that says what it does. */
export function choice(action: string, label: string, hint: string, style = ''): Html {
  const id = `hint-${action}`;
  return html`<div class="choice"><button name="do" value="${action}"${
    style !== '' && html` class="${style}"`
  } aria-describedby="${id}">${label}</button><p class="hint" id="${id}">${hint}</p></div>`;
}

export function reasonSelect(m: Messages): Html {
  return html`<select name="reason" aria-label="${m.reasonQuestion}"><option value="">${m.reasonNone}</option>${reasons.map(
    (reason) => html`<option value="${reason}">${m.reasons[reason]}</option>`,
  )}</select>`;
}

/** A form of the page. It goes to the link itself: the link is all the authority there is. */
export function form({ action, language, formId }: PageView, content: Html): Html {
  return html`<form method="post" action="${action}?lang=${language.code}"><input type="hidden" name="form" value="${formId}">${content}</form>`;
}
