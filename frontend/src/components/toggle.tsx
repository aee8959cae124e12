import type { ReactNode } from 'react';
import { useId } from 'react';
import styles from './toggle.module.css';

interface Props<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode; disabled?: boolean }[];
}

/** A few choices side by side: native radio buttons, so arrows and screen readers work as they do everywhere. */
export function Toggle<Value extends string>({ label, value, onChange, options }: Props<Value>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.toggle}>
      {options.map((option) => (
        <label key={option.value} className={styles.option} data-disabled={option.disabled || undefined}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
