import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Mark } from './mark.js';
import styles from './page-states.module.css';
import { QueryError } from './query-error.js';

export function MissingPage() {
  return (
    <div className={styles.center}>
      <Mark size={40} />
      <h1 className={styles.title}>There is no page here</h1>
      <p className={styles.text}>The address may be mistyped, or the page has moved.</p>
      <Button component={Link} to="/monitor" variant="default">
        To the Monitor
      </Button>
    </div>
  );
}

export function CrashedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className={styles.center}>
      <Mark size={40} />
      <h1 className={styles.title}>The page could not be opened</h1>
      <div className={styles.box}>
        <QueryError
          what="The page"
          error={error}
          onRetry={() => {
            reset();
            void router.invalidate();
          }}
        />
      </div>
    </div>
  );
}
