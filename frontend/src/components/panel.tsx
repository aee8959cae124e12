import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { curl } from '../api.js';
import { formatClock, instant } from '../format.js';
import { CopyButton } from './copy-button.js';
import { TerminalIcon } from './icons.js';
import styles from './panel.module.css';
import { QueryError } from './query-error.js';

interface PanelProps {
  /** For links to it. */
  id?: string;
  title: ReactNode;
  /** For screen readers and error messages: `Segments`. */
  name: string;
  lead?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

export function Panel({ id, title, name, lead, actions, footer, children }: PanelProps) {
  return (
    <section id={id} className={styles.panel} aria-label={name}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{title}</h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <Boundary name={name}>{children}</Boundary>
      {footer}
    </section>
  );
}

/** Where the figures come from: the SQL query's name, when it ran, and the same call for a terminal. */
export function Provenance({ query, asOf, path }: { query?: string; asOf?: string; path: () => string }) {
  return (
    <footer className={styles.provenance}>
      {query && (
        <span>
          Query <code>{query}</code>
        </span>
      )}
      {asOf && <span>as of {formatClock(instant(asOf))}</span>}
      <CopyButton text={() => curl(path(), window.location.origin)} icon={<TerminalIcon size={14} />}>
        Copy as curl
      </CopyButton>
    </footer>
  );
}

interface QueryBodyProps<Data> {
  name: string;
  result: UseQueryResult<Data>;
  /** What stands there until the first answer. */
  waiting: ReactNode;
  children: (data: Data) => ReactNode;
}

/**
 * A panel's content for each state of its query: waiting, there, there but not refreshed, failed.
 * Old data stays in place while new data loads; a failure without data shows the error and nothing else.
 */
export function QueryBody<Data>({ name, result, waiting, children }: QueryBodyProps<Data>) {
  const retry = () => void result.refetch();
  if (result.data === undefined) {
    if (result.error) {
      return (
        <div className={styles.failed}>
          <QueryError what={name} error={result.error} onRetry={retry} retrying={result.isFetching} />
        </div>
      );
    }
    return (
      <div role="status" aria-label={`${name} is loading`}>
        {waiting}
      </div>
    );
  }
  return (
    <>
      {result.error && (
        <div role="alert" className={styles.stale}>
          Not refreshed since {formatClock(result.dataUpdatedAt)}: {result.error.message}{' '}
          <button type="button" onClick={retry} disabled={result.isFetching}>
            Retry
          </button>
        </div>
      )}
      <div
        className={styles.body}
        data-old={result.isPlaceholderData || undefined}
        aria-busy={result.isPlaceholderData}
      >
        {children(result.data)}
      </div>
    </>
  );
}

/** A panel that breaks while drawing says so and leaves the others alone. */
class Boundary extends Component<{ name: string; children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(`${this.props.name} could not be drawn`, error, info.componentStack);
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className={styles.failed}>
        <QueryError what={this.props.name} error={error} onRetry={() => this.setState({ error: null })} />
      </div>
    );
  }
}
