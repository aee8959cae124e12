import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { MoonIcon, ScreenIcon, SunIcon } from './icons.js';
import styles from './shell.module.css';

const choices: { value: MantineColorScheme; label: string; Icon: typeof SunIcon }[] = [
  { value: 'light', label: 'Light', Icon: SunIcon },
  { value: 'dark', label: 'Dark', Icon: MoonIcon },
  { value: 'auto', label: 'As the system', Icon: ScreenIcon },
];

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div role="radiogroup" aria-label="Colour scheme" className={styles.switch}>
      {choices.map(({ value, label, Icon }) => (
        <label key={value} className={styles.choice} title={label}>
          <input
            type="radio"
            name="colour-scheme"
            aria-label={label}
            checked={colorScheme === value}
            onChange={() => setColorScheme(value)}
          />
          <Icon />
        </label>
      ))}
    </div>
  );
}
