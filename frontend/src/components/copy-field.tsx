import { useId } from 'react';
import { CopyButton } from './copy-button.js';
import styles from './form.module.css';

/** Text to be taken elsewhere: shown whole, and selected at once where there is no clipboard. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  return (
    <div className={styles.copy}>
      <div className={styles.copyHead}>
        <label htmlFor={id}>{label}</label>
        <CopyButton text={() => value}>Copy</CopyButton>
      </div>
      <textarea
        id={id}
        className={styles.value}
        rows={2}
        readOnly
        spellCheck={false}
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  );
}
