import type { RiskRow, RisksAnswer } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { everyDay } from '../charts/prepare/every-day.js';
import { formatCount, formatInterval, formatRate } from '../format.js';
import { risksPath, risksQuery } from '../queries.js';
import { reasonWords, tellingRows } from '../risk-words.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import styles from './risks-panel.module.css';
import { TrendLine } from './trend-line.js';

const step = 8;

/** Which segments are about to lose subscribers, as the churn model says, the most opt-outs first. */
export function RisksPanel() {
  const result = useQuery(risksQuery);
  return (
    <Panel
      name="At risk"
      title={
        <>
          At risk
          <Explain what="At risk">
            What the churn model expects of open subscriptions in the next 30 days: a calibrated probability,
            with the interval that chance alone gives the share that will leave. Reasons are what a segment’s
            people have in common with people who left. They are associations, not effects: what a change
            would do, only a randomised rollout tells.
          </Explain>
        </>
      }
      lead="expected opt-outs in the next 30 days"
      footer={<Provenance {...provenance(result.data)} path={() => risksPath} />}
    >
      <QueryBody name="At risk" result={result} waiting={<Waiting />}>
        {(answer) => <Body answer={answer} />}
      </QueryBody>
    </Panel>
  );
}

function provenance(answer: RisksAnswer | undefined): { query?: string; asOf?: string } {
  if (answer === undefined) return {};
  return { query: answer.query, ...(answer.as_of === null ? {} : { asOf: answer.as_of }) };
}

function Body({ answer }: { answer: RisksAnswer }) {
  const [count, setCount] = useState(step);
  const rows = tellingRows(answer.rows);
  return (
    <>
      {answer.kind !== 'model' && (
        <p className={styles.note} role="note">
          {answer.kind === 'none'
            ? 'There is no churn model yet.'
            : 'No skill is proven yet, so the smoothed rate of stream and tenure is told.'}{' '}
          {answer.why.join('; ')}
        </p>
      )}
      {answer.kind !== 'none' && rows.length === 0 && (
        <p className={styles.note}>No segment has enough open subscriptions to tell.</p>
      )}
      {rows.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Segment</th>
                <th scope="col">Subscriptions</th>
                <th scope="col">Risk in 30 days</th>
                <th scope="col">Expected</th>
                <th scope="col" data-wide>
                  Last 90 days
                </th>
                <th scope="col" data-wide>
                  Associated with
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, count).map((row) => (
                <Row key={`${row.segment} ${row.stream}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > count && (
        <button type="button" className={styles.more} onClick={() => setCount(count + 2 * step)}>
          Show more: {formatCount(rows.length - count)} left
        </button>
      )}
    </>
  );
}

function Row({ row }: { row: RiskRow }) {
  const { risk_30d, expected, trend } = row;
  return (
    <tr>
      <th scope="row">
        <span className={styles.name}>{row.segment_title}</span>
        <span className={styles.small}>{row.stream_title}</span>
      </th>
      <td data-small>{formatCount(row.subscriptions)}</td>
      <td>
        {formatRate(risk_30d.mean)}
        <span className={styles.small}>{formatInterval(risk_30d.lower, risk_30d.upper)}</span>
      </td>
      <td>{formatCount(Math.round(expected.days_30))}</td>
      <td data-wide>
        {trend.length < 2 ? (
          <span className={styles.small}>one day so far</span>
        ) : (
          <>
            <TrendLine values={everyDay(trend)} />
            <span className={styles.small}>{formatRate(trend[0]?.mean ?? 0)} at first</span>
          </>
        )}
      </td>
      <td data-wide>{reasonWords(row.reasons)}</td>
    </tr>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      {Array.from({ length: 5 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Bone key={index} width="100%" height={22} />
      ))}
    </div>
  );
}
