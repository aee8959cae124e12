import { Button } from '@mantine/core';
import type { ProviderView } from '@secateur/backend/contract';
import { useState } from 'react';
import { addressWith, isUnreachable, maskedAddress, providerWords } from '../provider-words.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { newSecret } from '../secret.js';
import { useProviderChange } from '../settings-queries.js';
import { AskFirst, useQuestion } from './ask-first.js';
import { CopyField } from './copy-field.js';
import styles from './form.module.css';

/** For providers that sign nothing: the address itself is the secret, made here and shown once. */
export function AddressSetup({ view }: { view: ProviderView }) {
  const { provider, title, url, secrets } = view;
  const change = useProviderChange(provider);
  const [made, setMade] = useState<string | null>(null);
  const question = useQuestion();
  const make = () => {
    const secret = newSecret();
    change.mutate(
      { secrets: [secret] },
      { onSuccess: () => setMade(addressWith(url, secret)), onSettled: question.close },
    );
  };
  return (
    <section className={styles.section} aria-label="Address">
      <h3 className={styles.heading}>The address for {title}</h3>
      <p className={styles.text}>
        {title} does not sign its calls, so its address holds a secret: whoever knows the address is believed.
      </p>
      {made !== null && <MadeAddress title={title} address={made} where={providerWords[provider].address} />}
      {change.isError && (
        <div role="alert" className={styles.error}>
          {refusalSentence(change.error, onlyAdmins)}
        </div>
      )}
      {secrets > 0 && made === null && (
        <p className={styles.hint}>
          In use: <code>{maskedAddress(url)}</code>. The secret was shown once and is not shown again.
        </p>
      )}
      {question.isOpen ? (
        <AskFirst yes="Make a new address" pending={change.isPending} onYes={make} onNo={question.close}>
          The old address stops at once: calls to it are turned away until {title} has the new one.
        </AskFirst>
      ) : (
        <div className={styles.buttons}>
          <Button
            size="xs"
            variant={secrets > 0 ? 'default' : 'filled'}
            loading={change.isPending}
            autoFocus={question.wasAnswered}
            onClick={() => (secrets > 0 ? question.ask() : make())}
          >
            {secrets > 0 ? 'Replace the secret' : 'Make the address'}
          </Button>
        </div>
      )}
    </section>
  );
}

function MadeAddress({ title, address, where }: { title: string; address: string; where: string }) {
  return (
    <div className={styles.once}>
      <div role="status" className={styles.section}>
        <p className={styles.text}>
          <strong>Copy it now.</strong> It is shown this once: Secateur keeps the secret sealed and cannot
          show it again. At {title} it goes to {where}.
        </p>
        {isUnreachable(address) && <Unreachable title={title} />}
      </div>
      <CopyField label={`Webhook address for ${title}`} value={address} />
    </div>
  );
}

export function Unreachable({ title }: { title: string }) {
  return (
    <p className={styles.warning}>
      {title} cannot call this machine by that name. Set <code>PUBLIC_URL</code> to the address under which
      the service is reached from outside.
    </p>
  );
}
