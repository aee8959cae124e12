import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './form.module.css';

interface Props {
  /** What will happen, before it does. */
  children: ReactNode;
  yes: string;
  onYes: () => void;
  onNo: () => void;
  pending: boolean;
}

/** Asks in place before something that cannot be taken back. */
export function AskFirst({ children, yes, onYes, onNo, pending }: Props) {
  const box = useRef<HTMLElement>(null);
  // The button that asked is gone: the question takes its place for the keyboard, too.
  useEffect(() => box.current?.focus(), []);
  return (
    <section ref={box} tabIndex={-1} aria-label={yes} className={styles.ask}>
      <p className={styles.text}>{children}</p>
      <div className={styles.buttons}>
        <Button size="xs" onClick={onYes} loading={pending}>
          {yes}
        </Button>
        <Button size="xs" variant="default" onClick={onNo} disabled={pending}>
          Leave it
        </Button>
      </div>
    </section>
  );
}

/** Whether something is being asked. When it is answered, the button that asked has the keyboard again. */
export function useQuestion() {
  const [state, setState] = useState<'never' | 'open' | 'answered'>('never');
  return {
    isOpen: state === 'open',
    wasAnswered: state === 'answered',
    ask: () => setState('open'),
    close: () => setState('answered'),
  };
}
