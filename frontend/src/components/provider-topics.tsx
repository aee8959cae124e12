import { Button, Textarea } from '@mantine/core';
import type { ProviderView } from '@secateur/backend/contract';
import { type FormEvent, useState } from 'react';
import { isUnreachable, providerWords } from '../provider-words.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { useProviderChange } from '../settings-queries.js';
import { CopyField } from './copy-field.js';
import styles from './form.module.css';
import { Unreachable } from './provider-address.js';

/** Amazon signs with public keys that are found by themselves; what has to be said is which topics are ours. */
export function TopicsSetup({ view }: { view: ProviderView }) {
  const { provider, title, url, topics } = view;
  const change = useProviderChange(provider);
  const [text, setText] = useState(topics.join('\n'));
  const [tried, setTried] = useState(false);
  const wanted = text.split(/\s+/).filter((line) => line !== '');
  const fault = wanted.find((line) => !line.startsWith('arn:'));
  const error =
    wanted.length === 0
      ? 'Name at least one topic.'
      : fault === undefined
        ? null
        : `“${fault}” is no ARN: it begins with arn:`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (error === null)
      change.mutate({ topics: wanted, enabled: true }, { onSuccess: () => setTried(false) });
  };
  const saved = change.isSuccess && wanted.join('\n') === topics.join('\n');
  return (
    <>
      <form className={styles.section} onSubmit={submit} noValidate aria-label="Topics">
        <h3 className={styles.heading}>1. Name your topics</h3>
        {change.isError && (
          <div role="alert" className={styles.error}>
            {refusalSentence(change.error, onlyAdmins)}
          </div>
        )}
        <Textarea
          label="Topics (ARN)"
          description="The SNS topics to which SES publishes bounces, complaints and subscriptions, one a line. Messages of other topics are turned away."
          rows={3}
          autoComplete="off"
          spellCheck={false}
          className={styles.mono}
          value={text}
          error={tried ? error : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button type="submit" size="xs" loading={change.isPending}>
            {topics.length > 0 ? 'Save' : 'Connect'}
          </Button>
          {saved && (
            <span role="status" className={styles.done}>
              Saved.
            </span>
          )}
        </div>
      </form>
      <section className={styles.section} aria-label="Address">
        <h3 className={styles.heading}>2. Subscribe this address to them</h3>
        <CopyField label={`Webhook address for ${title}`} value={url} />
        <p className={styles.hint}>
          At Amazon: {providerWords[provider].address}. Secateur confirms the subscription by itself.
        </p>
        {isUnreachable(url) && <Unreachable title={title} />}
      </section>
    </>
  );
}
