import { Tooltip, UnstyledButton } from '@mantine/core';
import styles from './explain.module.css';
import { InfoIcon } from './icons.js';

/** The definition of a figure, on hover, focus or touch. */
export function Explain({ what, children }: { what: string; children: string }) {
  return (
    <Tooltip
      label={children}
      multiline
      w={280}
      withArrow
      events={{ hover: true, focus: true, touch: true }}
      classNames={{ tooltip: styles.tooltip }}
    >
      <UnstyledButton className={styles.info} aria-label={`What is “${what}”?`}>
        <InfoIcon size={14} />
      </UnstyledButton>
    </Tooltip>
  );
}
