import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { TargetKind } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { streamsQuery } from '../queries.js';
import type { TargetDraft } from '../target-draft.js';
import form from './form.module.css';
import { CloseIcon } from './icons.js';
import { QueryError } from './query-error.js';
import styles from './target-form.module.css';
import { useStreamNames } from './use-stream-names.js';

interface Props {
  kind: TargetKind;
  places: TargetDraft['places'];
  fault: string | undefined;
  onChange: (places: TargetDraft['places']) => void;
}

const words = {
  sendgrid: { legend: 'Unsubscribe groups', place: 'Group', example: '12345' },
  mailchimp: { legend: 'Audiences', place: 'Audience id', example: 'a1b2c3d4e5' },
};

/** Which group or audience of the provider stands for which stream. */
export function TargetPlaces({ kind, places, fault, onChange }: Props) {
  const catalogue = useQuery(streamsQuery);
  const nameOf = useStreamNames();
  const { legend, place, example } = kind === 'mailchimp' ? words.mailchimp : words.sendgrid;
  const lines = places.length === 0 ? [{ stream: '', at: '' }] : places;
  const change = (index: number, line: Partial<TargetDraft['places'][number]>) =>
    onChange(lines.map((before, at) => (at === index ? { ...before, ...line } : before)));
  if (catalogue.data === undefined && catalogue.error !== null) {
    return <QueryError what="Streams" error={catalogue.error} onRetry={() => void catalogue.refetch()} />;
  }
  const mail = (catalogue.data?.streams ?? []).filter(({ channel }) => channel === 'email');
  return (
    <fieldset className={styles.places}>
      <legend>{legend}</legend>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own, and are told apart by their place
        <div key={index} className={styles.place}>
          <NativeSelect
            aria-label={`Stream of line ${index + 1}`}
            value={line.stream}
            onChange={(event) => change(index, { stream: event.currentTarget.value })}
            data={[
              { value: '', label: 'Choose a stream' },
              ...optionsOf(
                mail.map(({ key }) => key),
                line.stream,
              ).map((key) => ({ value: key, label: nameOf(key) })),
            ]}
          />
          <TextInput
            aria-label={`${place} of line ${index + 1}`}
            placeholder={example}
            autoComplete="off"
            value={line.at}
            onChange={(event) => change(index, { at: event.currentTarget.value })}
          />
          <button
            type="button"
            className={styles.remove}
            aria-label={`Remove line ${index + 1}`}
            onClick={() => onChange(lines.filter((_, at) => at !== index))}
          >
            <CloseIcon size={14} />
          </button>
        </div>
      ))}
      {fault !== undefined && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      <div className={form.buttons}>
        <Button size="xs" variant="default" onClick={() => onChange([...lines, { stream: '', at: '' }])}>
          Add a line
        </Button>
      </div>
    </fieldset>
  );
}

/** A stream that has gone from the catalogue is still what the line says. */
function optionsOf(keys: readonly string[], chosen: string): string[] {
  return chosen === '' || keys.includes(chosen) ? [...keys] : [...keys, chosen];
}
