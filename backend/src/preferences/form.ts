import { StreamKey } from '../contract/streams.js';

/** The reasons a person may pick. Words for them stand in the message files. */
export const reasons = ['too_many', 'not_relevant', 'never_signed_up', 'privacy', 'other'] as const;
export type Reason = (typeof reasons)[number];

/** What a person sent with one of the page's own buttons. */
export type Form =
  | { do: 'stop' | 'all' | 'everything'; id: string; reason: Reason | null }
  | { do: 'save'; id: string; changes: BoxChanges }
  | { do: 'undo'; receipt: string }
  /** `offer`: the id of what is taken in place of the opt-out, offered or not. */
  | { do: 'instead'; receipt: string; offer: string }
  | { do: 'reason'; receipt: string; reason: Reason | null };

/** Keys of the streams whose box is another than when the page was made. */
export interface BoxChanges {
  ticked: string[];
  unticked: string[];
}

/** Boxes on one page. More than any person has streams; a body beyond is no form of ours. */
const MOST_BOXES = 1000;
const formId = /^[0-9a-f]{16}$/;
const offerId = /^(pause|fewer)(-|$)/;

/**
 * Reads the body of the page's own form, or null. None of its fields has the name of the one-click pair, so a form can
 * never be taken for a one-click request or the other way round.
 */
export function readForm(body: Uint8Array): Form | null {
  const fields = new URLSearchParams(Buffer.from(body).toString('utf8'));
  const action = fields.get('do');
  const id = fields.get('form') ?? '';
  const receipt = fields.get('receipt') ?? '';
  const reason = reasons.find((each) => each === fields.get('reason')) ?? null;
  switch (action) {
    case 'stop':
    case 'all':
    case 'everything':
      return formId.test(id) ? { do: action, id, reason } : null;
    case 'save':
      return formId.test(id) ? { do: action, id, changes: changes(fields) } : null;
    case 'undo':
      return { do: action, receipt };
    case 'reason':
      return { do: action, receipt, reason };
    default:
      return action !== null && offerId.test(action) ? { do: 'instead', receipt, offer: action } : null;
  }
}

/**
 * Compares with what the page showed, not with what holds now: a box that changed elsewhere in the meantime, and that
 * the person did not touch, is none of their wishes.
 */
function changes(fields: URLSearchParams): BoxChanges {
  const keys = (name: string) =>
    new Set(
      fields
        .getAll(name)
        .slice(0, MOST_BOXES)
        .filter((key) => StreamKey.safeParse(key).success),
    );
  const [boxes, on, off] = [keys('box'), keys('on'), keys('off')];
  return {
    ticked: [...off].filter((key) => boxes.has(key) && !on.has(key)),
    unticked: [...on].filter((key) => !boxes.has(key)),
  };
}
