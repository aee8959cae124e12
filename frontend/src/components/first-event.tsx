import { CopyButton } from './copy-button.js';
import styles from './first-event.module.css';
import { Mark } from './mark.js';

function example(origin: string): string {
  const event = {
    id: 'first-event-1',
    type: 'delivered',
    subscriber: 'u-1842',
    email: 'ada@example.com',
    channel: 'email',
    category: 'promotions',
    origin: 'shop',
    campaign: 'welcome',
    message_id: 'm-1',
  };
  return `curl -X POST '${origin}/v1/events' \\
  -H "Authorization: Bearer $SECATEUR_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify([event], null, 2)}'`;
}

/** Before the first event: what to do, and nothing that looks like a figure. */
export function FirstEvent() {
  const command = example(window.location.origin);
  return (
    <section className={styles.card} aria-label="Send your first event">
      <span className={styles.mark}>
        <Mark size={40} />
      </span>
      <h2 className={styles.title}>Send your first event</h2>
      <p className={styles.text}>
        Secateur watches what is delivered and decides what stops when somebody says stop. Tell it about one
        delivery; this page fills by itself.
      </p>
      <div className={styles.code}>
        <pre>
          <code>{command}</code>
        </pre>
        <div className={styles.copy}>
          <CopyButton text={() => command}>Copy</CopyButton>
        </div>
      </div>
      <p className={styles.hint}>
        <code>$SECATEUR_KEY</code> is an API key with scope <code>ingest</code>. Every call is described in
        the <a href="/docs">API reference</a>.
      </p>
    </section>
  );
}
