import { Button } from '@mantine/core';
import type { ProviderView } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../format.js';
import { allGroups, isUnmapped } from '../provider-groups.js';
import { providerState, setupKind, skippedWords, trafficWords } from '../provider-words.js';
import { providersPath } from '../settings-queries.js';
import { Bone } from './bone.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import styles from './providers-panel.module.css';
import rows from './rows.module.css';
import { StateMark } from './state-mark.js';
import { When } from './when.js';

export type ProvidersResult = UseQueryResult<{ providers: ProviderView[] }>;

/** Every provider that can be connected, those that are first. */
export function ProvidersPanel({ result }: { result: ProvidersResult }) {
  const unmapped = allGroups(result.data?.providers ?? []).filter(isUnmapped).length;
  return (
    <Panel
      name="Providers"
      title="Providers"
      lead="Who sends for you, and tells when somebody unsubscribes, complains or bounces there. Figures since the service was started."
      actions={
        unmapped > 0 && (
          <a href="#groups" className={styles.jump}>
            {formatCount(unmapped)} {unmapped === 1 ? 'group' : 'groups'} not mapped
          </a>
        )
      }
      footer={<Provenance path={() => providersPath} />}
    >
      <QueryBody name="Providers" result={result} waiting={<Waiting />}>
        {({ providers }) => (
          <ul className={rows.list}>
            {[...providers].sort(connectedFirst).map((view) => (
              <Row key={view.provider} view={view} />
            ))}
          </ul>
        )}
      </QueryBody>
    </Panel>
  );
}

function connectedFirst(a: ProviderView, b: ProviderView): number {
  return Number(isSetUp(b)) - Number(isSetUp(a)) || a.title.localeCompare(b.title);
}

const isSetUp = ({ enabled, secrets }: ProviderView): boolean => enabled || secrets > 0;

const proofs = { keys: 'signs its calls', topics: 'signs its calls', address: 'secret in the address' };

function Row({ view }: { view: ProviderView }) {
  const { provider, title, skipped, last_call_at } = view;
  const state = providerState(view);
  const known = isSetUp(view);
  return (
    <li className={styles.row}>
      <div>
        <h3 className={rows.name}>{title}</h3>
        <p className={rows.small}>{proofs[setupKind(view)]}</p>
      </div>
      <div>
        <StateMark tone={state.tone}>{state.short}</StateMark>
        {known && <p className={rows.small}>{state.sentence}</p>}
      </div>
      <div>
        {last_call_at !== null && (
          <>
            <p className={rows.figures}>
              {trafficWords(view)} · last <When at={last_call_at} />
            </p>
            {Object.keys(skipped).length > 0 && (
              <p className={rows.small}>types left alone: {skippedWords(skipped)}</p>
            )}
          </>
        )}
      </div>
      <Button
        renderRoot={(props) => (
          <Link to="/settings/providers" search={{ provider }} resetScroll={false} {...props} />
        )}
        size="xs"
        variant="default"
        className={known ? undefined : styles.connect}
        aria-label={known ? `Settings of ${title}` : `Connect ${title}`}
      >
        {known ? 'Settings' : 'Connect'}
      </Button>
    </li>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <Bone key={row} height={26} width={`${94 - row * 4}%`} />
      ))}
    </div>
  );
}
