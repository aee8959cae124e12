import type { Ruleset } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount } from '../format.js';
import { effectWords, eventWords, stateWords } from '../rule-words.js';
import { rulesetsPath, rulesetsQuery } from '../rules-queries.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import rows from './rows.module.css';
import { RulesetSteps } from './ruleset-steps.js';
import styles from './rulesets-panel.module.css';
import { StateMark } from './state-mark.js';
import { When } from './when.js';

const step = 10;

/** All versions of the rules, the newest first, and what may be done with each. */
export function RulesetsPanel() {
  const result = useQuery(rulesetsQuery);
  return (
    <Panel
      name="Versions"
      title={
        <>
          Versions
          <Explain what="Versions">
            A version never changes. It is checked against the law’s floor in every cell, approved, and then
            decides for a share of people drawn by lot, or for all. Rolled back, the one before decides again.
          </Explain>
        </>
      }
      lead={result.data && leadWords(result.data.rulesets)}
      footer={<Provenance path={() => rulesetsPath} />}
    >
      <QueryBody name="Versions" result={result} waiting={<Waiting />}>
        {({ rulesets }) => <Body rulesets={rulesets} />}
      </QueryBody>
    </Panel>
  );
}

function leadWords(rulesets: readonly Ruleset[]): string {
  const inForce = rulesets.find(({ state }) => state === 'published');
  const rollout = rulesets.find(({ state }) => state === 'rollout');
  return [
    inForce === undefined
      ? 'none in force: the floor alone decides'
      : `version ${inForce.number} is in force`,
    ...(rollout === undefined ? [] : [`version ${rollout.number} for ${rollout.percent ?? 0} % of people`]),
  ].join(', ');
}

function Body({ rulesets }: { rulesets: readonly Ruleset[] }) {
  const [count, setCount] = useState(step);
  if (rulesets.length === 0)
    return (
      <p className={rows.nothing}>
        No version yet: the floor alone decides. Keep a suggestion as a draft, or send one to{' '}
        <code>POST /v1/rulesets</code>.
      </p>
    );
  const newest = [...rulesets].sort((one, other) => other.number - one.number);
  return (
    <>
      <ul className={rows.list}>
        {newest.slice(0, count).map((ruleset) => (
          <Version key={ruleset.id} ruleset={ruleset} />
        ))}
      </ul>
      {newest.length > count && (
        <button type="button" className={styles.more} onClick={() => setCount(count + 2 * step)}>
          Show more: {formatCount(newest.length - count)} left
        </button>
      )}
    </>
  );
}

function Version({ ruleset }: { ruleset: Ruleset }) {
  const { number, note, rules, texts, created_by, created_at, events, failures } = ruleset;
  const { words, tone } = stateWords(ruleset);
  return (
    <li className={styles.version} aria-label={`Version ${number}`}>
      <div className={styles.head}>
        <h3 className={rows.name}>Version {number}</h3>
        <StateMark tone={tone}>{words}</StateMark>
        <span className={rows.small}>
          by {created_by}, <When at={created_at} />
        </span>
      </div>
      {note !== '' && <p className={styles.note}>{note}</p>}
      {failures !== null && (
        <p className={styles.failed} role="alert">
          Rule {failures.last.rule} failed {formatCount(failures.count)} times ({failures.last.reason}): the
          floor stood alone there.
        </p>
      )}
      <details className={styles.details}>
        <summary>
          {formatCount(rules.length)} {rules.length === 1 ? 'rule' : 'rules'}
        </summary>
        <ol className={styles.rules}>
          {[...rules]
            .sort((one, other) => one.priority - other.priority)
            .map(({ id, name, enabled, then }) => (
              <li key={id}>
                <span className={rows.name}>{name}</span>
                {!enabled && <span className={rows.small}> (switched off)</span>}
                <p className={rows.small}>
                  If {texts[id] ?? 'always'}: {effectWords(then)}
                </p>
              </li>
            ))}
        </ol>
      </details>
      <details className={styles.details}>
        <summary>What became of it</summary>
        <ol className={styles.rules}>
          {events.map(({ event, at, by, why, percent }) => (
            <li key={`${event} ${at}`} className={rows.small}>
              {eventWords({ event, ...(percent === undefined ? {} : { percent }) })} by {by}, <When at={at} />
              {why !== '' && `: ${why}`}
            </li>
          ))}
        </ol>
      </details>
      <RulesetSteps ruleset={ruleset} />
    </li>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2].map((row) => (
        <Bone key={row} height={36} width={`${96 - row * 6}%`} />
      ))}
    </div>
  );
}
