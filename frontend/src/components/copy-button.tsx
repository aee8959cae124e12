import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import styles from './copy-button.module.css';
import { CheckIcon, CopyIcon } from './icons.js';

interface Props {
  /** Built when it is wanted: a time window moves on. */
  text: () => string;
  children: ReactNode;
  icon?: ReactNode;
}

/** Copies, and says whether it did: pages without TLS have no clipboard. */
export function CopyButton({ text, children, icon }: Props) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), 1800);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  return (
    <UnstyledButton className={styles.copy} data-state={state} onClick={() => void copy()}>
      {state === 'copied' ? <CheckIcon size={14} /> : (icon ?? <CopyIcon size={14} />)}
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser refused to copy' : children}
      </span>
    </UnstyledButton>
  );
}
