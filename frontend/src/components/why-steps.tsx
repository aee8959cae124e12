import type { DecisionView, FloorRowView } from '@secateur/backend/contract';
import type { ReactNode } from 'react';
import { readable, selectorText } from '../plain-words.js';
import styles from './why.module.css';

/** How the decision came about: asked → floor → rule → effective. */
export function Steps({ decision, asked }: { decision: DecisionView; asked: string }) {
  const hold = decision.type === 'bounced';
  return (
    <section aria-label="How it was decided">
      <h3 className={styles.section}>How it was decided</h3>
      <ol className={styles.steps}>
        <Step name="Asked">
          <p className={styles.said}>{asked}</p>
        </Step>
        <Step name="Floor" hint="The least that law, standards or the person’s own words allow">
          {decision.floor.length === 0 ? (
            <p className={styles.plain}>No row of the floor asks for more.</p>
          ) : (
            decision.floor.map((row) => <FloorRow key={row.row} row={row} hold={hold} />)
          )}
        </Step>
        <Step name="Rule" hint={`Rule set ${decision.ruleset || 'default'}`}>
          {decision.rule === '' ? (
            <p className={styles.plain}>No rule made it wider.</p>
          ) : (
            <p className={styles.said}>{readable(decision.rule)}</p>
          )}
          {decision.trace.length > 0 && <Trace decision={decision} />}
        </Step>
        <Step
          name="Effective"
          hint="What is on record now: what was asked, and what the floor and the rule add"
        >
          {decision.effective.length === 0 ? (
            <p className={styles.plain}>Nothing was written.</p>
          ) : (
            <ul className={styles.selectors}>
              {decision.effective.map((selector) => (
                <li key={selector}>
                  <span>{selectorText(selector, hold)}</span>
                  <code>{selector}</code>
                </li>
              ))}
            </ul>
          )}
        </Step>
      </ol>
    </section>
  );
}

function Step({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <h4>
        {name} {hint && <span>{hint}</span>}
      </h4>
      {children}
    </li>
  );
}

function FloorRow({ row, hold }: { row: FloorRowView; hold: boolean }) {
  return (
    <div className={styles.floor}>
      <p className={styles.said}>{row.why}</p>
      <p className={styles.plain}>
        asks for{' '}
        {row.selectors.length === 0
          ? row.scope
          : row.selectors.map((selector) => selectorText(selector, hold)).join('; ')}
      </p>
      <p className={styles.source}>
        Floor row {row.row} · {row.scope} · {row.source}
      </p>
    </div>
  );
}

function Trace({ decision }: { decision: DecisionView }) {
  return (
    <ul className={styles.trace} aria-label="Rules that were looked at">
      {decision.trace.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a trace is an order of steps, and a rule may stand in it twice
        <li key={index} data-matched={step.matched || undefined}>
          <span className={styles.verdict}>{step.matched ? 'holds' : 'does not hold'}</span>
          <span>
            {readable(step.rule)}
            {step.detail !== '' && <em> {step.detail}</em>}
          </span>
        </li>
      ))}
    </ul>
  );
}
