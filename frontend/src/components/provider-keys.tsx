import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core';
import type { ProviderView } from '@secateur/backend/contract';
import { type FormEvent, useState } from 'react';
import { isUnreachable, type KeyWords, providerWords } from '../provider-words.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { newSecret } from '../secret.js';
import { useProviderChange } from '../settings-queries.js';
import { CopyField } from './copy-field.js';
import styles from './form.module.css';
import { Unreachable } from './provider-address.js';

/** For providers that sign: their address, and the key by which their signatures are checked. */
export function KeysSetup({ view }: { view: ProviderView }) {
  const { first } = providerWords[view.provider];
  if (first === undefined) {
    return (
      <>
        <Address view={view} step={1} />
        <Keys view={view} step={2} />
      </>
    );
  }
  return (
    <>
      <p className={styles.text}>{first}</p>
      <Keys view={view} step={1} />
      <Address view={view} step={2} />
    </>
  );
}

interface StepProps {
  view: ProviderView;
  step: number;
}

function Address({ view: { provider, title, url }, step }: StepProps) {
  return (
    <section className={styles.section} aria-label="Address">
      <h3 className={styles.heading}>
        {step}. Give {title} this address
      </h3>
      <CopyField label={`Webhook address for ${title}`} value={url} />
      <p className={styles.hint}>
        At {title}: {providerWords[provider].address}
      </p>
      {isUnreachable(url) && <Unreachable title={title} />}
    </section>
  );
}

function Keys({ view: { provider, title, secrets }, step }: StepProps) {
  const { keys } = providerWords[provider];
  const noun = keys.length === 1 ? 'key' : 'keys';
  const change = useProviderChange(provider);
  const [values, setValues] = useState<readonly string[]>(() => keys.map(firstValue));
  const [tried, setTried] = useState(false);
  const filled = values.map((value) => value.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (filled.some((value) => value.length < shortest)) return;
    // What is ours is entered at the provider as well, so it stays to be copied; the rest is not shown again.
    const onSuccess = () => {
      setValues(keys.map(({ isOurs }, index) => (isOurs ? (filled[index] ?? '') : '')));
      setTried(false);
    };
    change.mutate({ secrets: filled }, { onSuccess });
  };
  const edit = (index: number, value: string) => {
    setValues(values.map((before, at) => (at === index ? value : before)));
    change.reset();
  };
  return (
    <form className={styles.section} onSubmit={submit} noValidate aria-label="Keys">
      <h3 className={styles.heading}>
        {step}. {secrets > 0 ? `Replace the ${noun}` : `Give Secateur the ${noun} of ${title}`}
      </h3>
      {secrets > 0 && (
        <p className={styles.text}>
          What is in use is not shown. What you enter takes its place, and the old stops at once.
        </p>
      )}
      {change.isError && (
        <div role="alert" className={styles.error}>
          {refusalSentence(change.error, onlyAdmins)}
        </div>
      )}
      <div className={styles.fields}>
        {keys.map((key, index) => (
          <KeyField
            key={key.name}
            words={key}
            title={title}
            value={values[index] ?? ''}
            error={tried && (filled[index] ?? '').length < shortest ? tooShort : null}
            onChange={(value) => edit(index, value)}
          />
        ))}
      </div>
      <div className={styles.buttons}>
        <Button type="submit" size="xs" loading={change.isPending}>
          {secrets > 0 ? 'Replace' : 'Connect'}
        </Button>
        {change.isSuccess && (
          <span role="status" className={styles.done}>
            Saved. The next call is checked with it.
          </span>
        )}
      </div>
    </form>
  );
}

const firstValue = ({ isOurs }: KeyWords): string => (isOurs ? newSecret() : '');

/** As the API wants it. */
const shortest = 5;
const tooShort = `At least ${shortest} characters are needed.`;

interface KeyFieldProps {
  words: KeyWords;
  title: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

function KeyField({ words, title, value, error, onChange }: KeyFieldProps) {
  const common = {
    label: words.name,
    description: words.isOurs ? words.where : `At ${title}: ${words.where}`,
    value,
    error,
    autoComplete: 'off',
    spellCheck: false,
    className: styles.mono,
  };
  const take = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  if (words.isPublic) return <Textarea {...common} rows={3} onChange={take} />;
  if (words.isOurs) return <TextInput {...common} onChange={take} />;
  return <PasswordInput {...common} onChange={take} />;
}
