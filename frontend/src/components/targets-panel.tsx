import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../format.js';
import { targetsPath } from '../target-queries.js';
import { kindNames, lagWords, type Target, targetState } from '../target-words.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import rows from './rows.module.css';
import { StateMark } from './state-mark.js';
import styles from './targets-panel.module.css';
import { useNow } from './use-now.js';
import { HowLong, When } from './when.js';

export type TargetsResult = UseQueryResult<{ targets: Target[] }>;

/** Who is told of every decision, and how they keep up. */
export function TargetsPanel({ result }: { result: TargetsResult }) {
  return (
    <Panel
      name="Targets"
      title={
        <>
          Targets
          <Explain what="Targets">
            A system that never asks before it sends has to be told, or it keeps sending. Each target is told
            of every decision, by a signed webhook or as a suppression written into a provider. The lag goes
            from receipt of the request to the target’s acknowledgement, over the last seven days.
          </Explain>
        </>
      }
      lead="Who is told of every decision"
      actions={
        <Button
          renderRoot={(props) => (
            <Link to="/settings/word-back" search={{ target: 'new' }} resetScroll={false} {...props} />
          )}
          size="xs"
        >
          Add a target
        </Button>
      }
      footer={<Provenance path={() => targetsPath} />}
    >
      <QueryBody name="Targets" result={result} waiting={<Waiting />}>
        {({ targets }) =>
          targets.length === 0 ? (
            <p className={rows.nothing}>
              Nobody is told yet. Senders that ask before each message need no word; add a target for each
              that keeps a list of its own.
            </p>
          ) : (
            <ul className={rows.list}>
              {targets.map((target) => (
                <Row key={target.id} target={target} />
              ))}
            </ul>
          )
        }
      </QueryBody>
    </Panel>
  );
}

function Row({ target }: { target: Target }) {
  const { id, name, kind, url, summary } = target;
  const state = targetState(target, useNow());
  return (
    <li className={styles.row}>
      <div>
        <h3 className={rows.name}>{name}</h3>
        <p className={rows.small}>
          {kindNames[kind]}
          {url !== null && <> · {hostOf(url)}</>}
        </p>
      </div>
      <div>
        <StateMark tone={state.tone}>
          <span>
            {state.short}
            {state.since !== null && (
              <>
                , for up to <HowLong since={state.since} />
              </>
            )}
          </span>
        </StateMark>
        {state.sentence !== '' && <p className={rows.small}>{state.sentence}</p>}
        {summary.dead > 0 && (
          <p className={styles.dead}>
            {formatCount(summary.dead)} dead letter{summary.dead === 1 ? '' : 's'}
          </p>
        )}
      </div>
      <div>
        <p className={rows.figures}>{lagWords(summary)}</p>
        {summary.last_acknowledged_at !== null && (
          <p className={rows.small}>
            last acknowledged <When at={summary.last_acknowledged_at} />
          </p>
        )}
      </div>
      <Button
        renderRoot={(props) => (
          <Link to="/settings/word-back" search={{ target: id }} resetScroll={false} {...props} />
        )}
        size="xs"
        variant="default"
        aria-label={`Settings of ${name}`}
      >
        Settings
      </Button>
    </li>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2].map((row) => (
        <Bone key={row} height={38} width={`${95 - row * 6}%`} />
      ))}
    </div>
  );
}
