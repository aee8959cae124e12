import type { ReactNode } from 'react';
import { Explain } from './explain.js';
import styles from './tiles.module.css';

interface TileProps {
  name: string;
  explain: string;
  value: ReactNode;
  uncertain?: boolean;
  middle?: ReactNode;
  foot: string;
  aside?: ReactNode;
}

/** One figure with its definition and its denominator. */
export function Tile({ name, explain, value, uncertain, middle, foot, aside }: TileProps) {
  return (
    <article className={styles.tile} aria-label={name}>
      <h2 className={styles.name}>
        {name} <Explain what={name}>{explain}</Explain>
      </h2>
      <p className={styles.value} data-uncertain={uncertain || undefined}>
        {value}
      </p>
      {middle && <p className={styles.middle}>{middle}</p>}
      <p className={styles.foot}>
        {foot}
        {aside && <span className={styles.aside}>{aside}</span>}
      </p>
    </article>
  );
}
