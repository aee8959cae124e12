import { Button } from '@mantine/core';
import type { Provider, ProviderView } from '@secateur/backend/contract';
import { formatExact, instant } from '../format.js';
import { providerState, setupKind, skippedWords, trafficWords } from '../provider-words.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { useProviderChange } from '../settings-queries.js';
import { AskFirst, useQuestion } from './ask-first.js';
import { Bone } from './bone.js';
import styles from './form.module.css';
import { QueryBody } from './panel.js';
import { AddressSetup } from './provider-address.js';
import { KeysSetup } from './provider-keys.js';
import { TopicsSetup } from './provider-topics.js';
import type { ProvidersResult } from './providers-panel.js';
import { SideDrawer } from './side-drawer.js';
import { StateMark } from './state-mark.js';

interface Props {
  result: ProvidersResult;
  id: Provider | null;
  onClose: () => void;
}

/** One provider: how it is connected, what came from it, and the switch. */
export function ProviderDrawer({ result, id, onClose }: Props) {
  const viewOf = (provider: Provider) => result.data?.providers.find((view) => view.provider === provider);
  return (
    <SideDrawer id={id} title={(shown) => viewOf(shown)?.title ?? 'Provider'} width={560} onClose={onClose}>
      {(shown) => (
        <QueryBody name="This provider" result={result} waiting={<Waiting />}>
          {() => {
            const view = viewOf(shown);
            if (view !== undefined) return <Content key={shown} view={view} />;
            return (
              <div className={styles.body}>
                <p className={styles.text}>
                  This service has no connection for it. It may be older than the link.
                </p>
              </div>
            );
          }}
        </QueryBody>
      )}
    </SideDrawer>
  );
}

const setups = { keys: KeysSetup, topics: TopicsSetup, address: AddressSetup };

function Content({ view }: { view: ProviderView }) {
  const state = providerState(view);
  const Setup = setups[setupKind(view)];
  return (
    <div className={styles.body}>
      <div className={styles.section}>
        <StateMark tone={state.tone}>{state.short}</StateMark>
        <p className={styles.text}>{state.sentence}</p>
      </div>
      <Setup view={view} />
      {view.last_call_at !== null && <Traffic view={view} at={view.last_call_at} />}
      <Switch view={view} />
    </div>
  );
}

function Traffic({ view, at }: { view: ProviderView; at: string }) {
  return (
    <section className={styles.section} aria-label="What came">
      <h3 className={styles.heading}>Since the service was started</h3>
      <dl className={styles.facts}>
        <div>
          <dt>Came</dt>
          <dd>{trafficWords(view)}</dd>
        </div>
        <div>
          <dt>Last call</dt>
          <dd>{formatExact(instant(at))}</dd>
        </div>
        {Object.keys(view.skipped).length > 0 && (
          <div>
            <dt>Types left alone</dt>
            <dd>
              {skippedWords(view.skipped)}
              <p className={styles.hint}>
                They are unknown here or change no permission, so they were only counted.
              </p>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Switch({ view }: { view: ProviderView }) {
  const { provider, title, enabled, secrets, topics } = view;
  const change = useProviderChange(provider);
  const question = useQuestion();
  if (!enabled && secrets === 0 && topics.length === 0) return null;
  return (
    <section className={styles.section} aria-label={enabled ? 'Switch off' : 'Switch on'}>
      {change.isError && (
        <div role="alert" className={styles.error}>
          {refusalSentence(change.error, onlyAdmins)}
        </div>
      )}
      {question.isOpen ? (
        <AskFirst
          yes={`Switch ${title} off`}
          pending={change.isPending}
          onYes={() => change.mutate({ enabled: false }, { onSettled: question.close })}
          onNo={question.close}
        >
          Every call of {title} is turned away until it is switched on again. Opt-outs that come meanwhile are
          lost, unless {title} sends them again.
        </AskFirst>
      ) : (
        <div className={styles.buttons}>
          <Button
            size="xs"
            variant={enabled ? 'default' : 'filled'}
            loading={change.isPending}
            autoFocus={question.wasAnswered}
            onClick={() => (enabled ? question.ask() : change.mutate({ enabled: true }))}
          >
            {enabled ? 'Switch off' : 'Switch on'}
          </Button>
        </div>
      )}
    </section>
  );
}

function Waiting() {
  return (
    <div className={styles.body}>
      <Bone height={20} width="40%" />
      <Bone height={70} />
      <Bone height={90} />
    </div>
  );
}
