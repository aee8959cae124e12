import { Button } from '@mantine/core';
import { ApiError } from '../api.js';
import { WarnIcon } from './icons.js';
import styles from './query-error.module.css';

interface Props {
  /** What is missing now: `Segments`. */
  what: string;
  error: unknown;
  onRetry: () => void;
  retrying?: boolean;
  /** The name of the SQL query, where an earlier answer told it. */
  query?: string;
}

/** Says what failed, why, and offers to try again. Takes the place of the picture: an outage must not look like calm. */
export function QueryError({ what, error, onRetry, retrying, query }: Props) {
  const api = error instanceof ApiError ? error : null;
  return (
    <div role="alert" className={styles.error}>
      <span className={styles.icon}>
        <WarnIcon size={20} />
      </span>
      <div className={styles.body}>
        <strong>{what} could not be loaded</strong>
        <p>
          {api === null ? '' : `${api.title}: `}
          {error instanceof Error ? error.message : String(error)}
        </p>
        {api && (
          <code className={styles.request}>
            {api.request}
            {api.status === null ? '' : ` → ${api.status}`}
            {query ? ` · query ${query}` : ''}
          </code>
        )}
        {api?.fields.map(({ field, reason }) => (
          <p key={field}>
            {field}: {reason}
          </p>
        ))}
      </div>
      <Button variant="default" size="xs" onClick={onRetry} loading={retrying}>
        Retry
      </Button>
    </div>
  );
}
