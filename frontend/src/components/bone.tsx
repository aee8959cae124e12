import styles from './bone.module.css';

/** Stands where something will be, in its size, so that nothing jumps when it comes. */
export function Bone({ width = '100%', height = 14 }: { width?: number | string; height?: number | string }) {
  return <span className={styles.bone} style={{ width, height }} />;
}
