import type {
  MailchimpOptions,
  SendGridOptions,
  TargetChange,
  TargetDefinition,
  TargetKind,
  TargetView,
} from '@secateur/backend/contract';

/** A target as its form holds it: text, not yet believed. */
export interface TargetDraft {
  kind: TargetKind;
  name: string;
  /** Of a webhook its address; of the others another base address, '' for the usual one. */
  url: string;
  /** '' leaves the key as it is. */
  apiKey: string;
  /** Which group or list stands for which stream. */
  places: readonly { stream: string; at: string }[];
  globalSuppressions: boolean;
  dataCentre: string;
  /** Everything that was decided so far, or from now on. */
  fromStart: boolean;
}

export const emptyDraft: TargetDraft = {
  kind: 'webhook',
  name: '',
  url: '',
  apiKey: '',
  places: [{ stream: '', at: '' }],
  globalSuppressions: false,
  dataCentre: '',
  fromStart: false,
};

export function draftOf({ kind, name, url, options }: TargetView): TargetDraft {
  const groups = 'groups' in options ? options.groups : 'lists' in options ? options.lists : {};
  return {
    ...emptyDraft,
    kind,
    name,
    url: url ?? '',
    places: [...Object.entries(groups).map(([stream, at]) => ({ stream, at: String(at) }))],
    globalSuppressions: 'global_suppressions' in options && options.global_suppressions === true,
    dataCentre: 'data_centre' in options ? (options.data_centre ?? '') : '',
  };
}

/** By the field as the API names it, so that its own refusals stand in the same places. */
export type Faults = Readonly<Record<string, string>>;

export function faultsOf(draft: TargetDraft, isNew: boolean): Faults {
  const faults: Record<string, string> = {};
  if (draft.name.trim() === '') faults.name = 'Give it a name.';
  if (draft.kind === 'webhook') {
    if (draft.url.trim() === '') faults.url = 'Give the address that is called.';
    return faults;
  }
  if (isNew && draft.apiKey.trim() === '') faults.api_key = 'A key is needed to write there.';
  const field = optionField(draft.kind);
  const places = filledPlaces(draft);
  if (places.length === 0 && !draft.globalSuppressions) faults[field] = 'Name at least one stream.';
  const seen = new Set<string>();
  for (const { stream, at } of places) {
    if (stream === '' || at === '') faults[field] = 'Each line needs a stream and its place there.';
    else if (seen.has(stream)) faults[field] = 'A stream stands in two lines.';
    else if (draft.kind === 'sendgrid' && !/^[1-9]\d*$/.test(at))
      faults[field] = `“${at}” is no group: it has a whole number.`;
    seen.add(stream);
  }
  return faults;
}

/** Where the API says that a group or list is wrong. */
export const optionField = (kind: TargetKind): string =>
  kind === 'sendgrid' ? 'options.groups' : 'options.lists';

export function definitionOf(draft: TargetDraft): TargetDefinition {
  const since = draft.fromStart ? { since: '0' } : {};
  const change = changeOf(draft);
  if (change.kind === 'webhook') return { ...change, ...since };
  return { ...change, api_key: draft.apiKey.trim(), ...since };
}

export function changeOf(draft: TargetDraft): TargetChange {
  const { kind } = draft;
  const [name, url, apiKey] = [draft.name.trim(), draft.url.trim(), draft.apiKey.trim()];
  if (kind === 'webhook') return { kind, name, url };
  const common = { name, ...(url === '' ? {} : { url }), ...(apiKey === '' ? {} : { api_key: apiKey }) };
  return kind === 'sendgrid'
    ? { kind, ...common, options: sendGridOptions(draft) }
    : { kind, ...common, options: mailchimpOptions(draft) };
}

/** A target as it is, with the switch turned: the API takes whole definitions. */
export function switched(view: TargetView, enabled: boolean): TargetChange {
  return { ...changeOf(draftOf(view)), enabled };
}

function sendGridOptions(draft: TargetDraft): SendGridOptions {
  const groups = Object.fromEntries(filledPlaces(draft).map(({ stream, at }) => [stream, Number(at)]));
  return { groups, ...(draft.globalSuppressions ? { global_suppressions: true } : {}) };
}

function mailchimpOptions(draft: TargetDraft): MailchimpOptions {
  const lists = Object.fromEntries(filledPlaces(draft).map(({ stream, at }) => [stream, at]));
  const centre = draft.dataCentre.trim();
  return { lists, ...(centre === '' ? {} : { data_centre: centre }) };
}

function filledPlaces({ places }: TargetDraft): { stream: string; at: string }[] {
  return places
    .map(({ stream, at }) => ({ stream, at: at.trim() }))
    .filter(({ stream, at }) => stream !== '' || at !== '');
}
