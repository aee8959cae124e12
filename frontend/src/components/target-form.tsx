import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { type TargetKind, targetKinds } from '@secateur/backend/contract';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError } from '../api.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { type Faults, faultsOf, optionField, type TargetDraft } from '../target-draft.js';
import { kindNames } from '../target-words.js';
import styles from './form.module.css';
import { TargetPlaces } from './target-places.js';
import { Toggle } from './toggle.js';

interface Props {
  /** As it is stored, or an empty one. */
  first: TargetDraft;
  isNew: boolean;
  /** Of the call that saves it. */
  error: unknown;
  pending: boolean;
  saved: boolean;
  onSave: (draft: TargetDraft) => void;
  onEdit: () => void;
}

const kindChoices = targetKinds.map((value) => ({
  value,
  label: (
    { webhook: 'Webhook', sendgrid: 'SendGrid', mailchimp: 'Mailchimp' } satisfies Record<TargetKind, string>
  )[value],
}));

/** What a target is and where it stands; the refusals of the API stand beside the fields they name. */
export function TargetForm({ first, isNew, error, pending, saved, onSave, onEdit }: Props) {
  const [draft, setDraft] = useState(first);
  const [tried, setTried] = useState(false);
  const own = faultsOf(draft, isNew);
  const { faults: told, rest } = refusalOf(error, draft.kind);
  const faults: Faults = tried ? { ...told, ...own } : told;
  // A key that is stored is not shown again, and not sent a second time.
  useEffect(() => {
    if (saved) setDraft((before) => ({ ...before, apiKey: '' }));
  }, [saved]);
  const edit = (change: Partial<TargetDraft>) => {
    setDraft({ ...draft, ...change });
    onEdit();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(own).length === 0) onSave(draft);
  };
  const field = { draft, faults, edit, isNew };
  return (
    <form className={styles.section} onSubmit={submit} noValidate aria-label="Target">
      {isNew && (
        <div className={styles.start}>
          <Toggle label="Kind" value={draft.kind} onChange={(kind) => edit({ kind })} options={kindChoices} />
        </div>
      )}
      <p className={styles.text}>{kindWords[draft.kind]}</p>
      {rest !== null && (
        <div role="alert" className={styles.error}>
          {rest}
        </div>
      )}
      <div className={styles.fields}>
        <TextInput
          label="Name"
          autoComplete="off"
          value={draft.name}
          error={faults.name}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        {draft.kind === 'webhook' ? <Address {...field} /> : <ProviderFields {...field} />}
        {isNew && (
          <Checkbox
            label="Tell it of everything that was decided so far, too"
            description="Else it is told from now on."
            checked={draft.fromStart}
            onChange={(event) => edit({ fromStart: event.currentTarget.checked })}
          />
        )}
      </div>
      <div className={styles.buttons}>
        <Button type="submit" size="xs" loading={pending}>
          {isNew ? 'Add it' : 'Save'}
        </Button>
        {saved && (
          <span role="status" className={styles.done}>
            Saved.
          </span>
        )}
      </div>
    </form>
  );
}

const kindWords: Record<TargetKind, string> = {
  webhook: `${kindNames.webhook}: one call for each decision, as JSON, to an address of yours.`,
  sendgrid: `${kindNames.sendgrid}: who leaves a stream is written into the unsubscribe group that stands for it.`,
  mailchimp: `${kindNames.mailchimp}: who leaves a stream is unsubscribed from the audience that stands for it. Nobody is ever subscribed there.`,
};

interface FieldProps {
  draft: TargetDraft;
  faults: Faults;
  edit: (change: Partial<TargetDraft>) => void;
  isNew: boolean;
}

function Address({ draft, faults, edit }: FieldProps) {
  return (
    <TextInput
      label="Address"
      description="https, reachable from the public internet"
      type="url"
      inputMode="url"
      autoComplete="off"
      className={styles.mono}
      value={draft.url}
      error={faults.url}
      onChange={(event) => edit({ url: event.currentTarget.value })}
    />
  );
}

function ProviderFields({ draft, faults, edit, isNew }: FieldProps) {
  return (
    <>
      <PasswordInput
        label="API key"
        description={isNew ? keyWords[draft.kind] : 'Left empty, the key stays as it is.'}
        autoComplete="off"
        className={styles.mono}
        value={draft.apiKey}
        error={faults.api_key}
        onChange={(event) => edit({ apiKey: event.currentTarget.value })}
      />
      <TargetPlaces
        kind={draft.kind}
        places={draft.places}
        fault={faults[optionField(draft.kind)]}
        onChange={(places) => edit({ places })}
      />
      {draft.kind === 'sendgrid' && (
        <Checkbox
          label="Write opt-outs of all advertising into the global suppressions"
          description="They stop receipts as well: only for an account that sends nothing essential."
          checked={draft.globalSuppressions}
          onChange={(event) => edit({ globalSuppressions: event.currentTarget.checked })}
        />
      )}
      {draft.kind === 'mailchimp' && (
        <TextInput
          label="Data centre"
          description="Only where the key does not end with it, as in us21"
          autoComplete="off"
          value={draft.dataCentre}
          error={faults['options.data_centre']}
          onChange={(event) => edit({ dataCentre: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Base address"
        description="Only for a region or a proxy; empty is the provider’s own"
        type="url"
        inputMode="url"
        autoComplete="off"
        className={styles.mono}
        value={draft.url}
        error={faults.url}
        onChange={(event) => edit({ url: event.currentTarget.value })}
      />
    </>
  );
}

const keyWords: Record<TargetKind, string> = {
  webhook: '',
  sendgrid: 'Settings → API Keys; it needs Suppressions',
  mailchimp: 'Account → Extras → API keys',
};

/** The API’s refusal by field; what belongs to none of them, as a sentence. */
function refusalOf(error: unknown, kind: TargetKind): { faults: Faults; rest: string | null } {
  if (error === null || error === undefined) return { faults: {}, rest: null };
  if (!(error instanceof ApiError) || error.fields.length === 0) {
    return { faults: {}, rest: refusalSentence(error, onlyAdmins) };
  }
  const faults: Record<string, string> = {};
  const others: string[] = [];
  for (const { field, reason } of error.fields) {
    const place = places.find((known) => known === field);
    if (place !== undefined) faults[place] = `It ${reason}.`;
    else if (field.startsWith(optionField(kind))) faults[optionField(kind)] = inPlace(field, reason);
    else others.push(`${field}: ${reason}.`);
  }
  return { faults, rest: others.length === 0 ? null : others.join(' ') };
}

const places = ['name', 'url', 'api_key', 'options.data_centre'] as const;

/** `options.groups.promotions` → `promotions: must be a stream of e-mail.` */
function inPlace(field: string, reason: string): string {
  const stream = field.split('.').slice(2).join('.');
  return stream === '' ? `It ${reason}.` : `${stream}: ${reason}.`;
}
