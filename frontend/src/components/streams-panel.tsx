import { useMediaQuery } from '@mantine/hooks';
import type { Stream, StreamClass } from '@secateur/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { formatCount } from '../format.js';
import { streamsPath, streamsQuery } from '../queries.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import rows from './rows.module.css';
import { StateMark } from './state-mark.js';
import styles from './streams-panel.module.css';
import { useStreamNames } from './use-stream-names.js';

const classNames: Record<StreamClass, string> = {
  commercial: 'Commercial',
  informational: 'Informational',
  essential: 'Essential',
  profiling: 'Profiling',
};

/** The catalogue, those that nobody has looked at first. */
export function StreamsPanel() {
  const result = useQuery(streamsQuery);
  return (
    <Panel
      name="Streams"
      title={
        <>
          Streams
          <Explain what="Streams">
            A stream is what somebody can leave: a channel, a category and the system that sends it. One that
            is first seen in an event registers itself as commercial and waits for a look.
          </Explain>
        </>
      }
      lead={result.data && leadWords(result.data.streams)}
      footer={<Provenance path={() => streamsPath} />}
    >
      <QueryBody name="Streams" result={result} waiting={<Waiting />}>
        {({ streams }) =>
          streams.length === 0 ? (
            <p className={rows.nothing}>
              No stream yet. One registers itself with the first event that names it, or by{' '}
              <code>PUT /v1/streams/:key</code>.
            </p>
          ) : (
            <Streams streams={[...streams].sort(unreviewedFirst)} />
          )
        }
      </QueryBody>
    </Panel>
  );
}

function leadWords(streams: readonly Stream[]): string {
  const waiting = streams.filter(({ reviewed }) => !reviewed).length;
  return `${formatCount(streams.length)} in the catalogue, ${waiting === 0 ? 'all reviewed' : `${formatCount(waiting)} not reviewed`}`;
}

function unreviewedFirst(a: Stream, b: Stream): number {
  return Number(a.reviewed) - Number(b.reviewed) || (a.key < b.key ? -1 : 1);
}

function Streams({ streams }: { streams: readonly Stream[] }) {
  const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
  const nameOf = useStreamNames();
  if (narrow) {
    return (
      <ul className={rows.list}>
        {streams.map((stream) => (
          <li key={stream.key} className={styles.item}>
            <h3 className={rows.name}>{nameOf(stream.key)}</h3>
            <p className={rows.small}>
              {stream.key} · {classNames[stream.class]} · {stream.brand}
            </p>
            <p className={rows.small}>{stream.list_id ?? 'no List-Id'}</p>
            <Reviewed stream={stream} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Stream</th>
            <th scope="col">Class</th>
            <th scope="col">Brand</th>
            <th scope="col">List-Id</th>
            <th scope="col">Reviewed</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <tr key={stream.key}>
              <th scope="row">
                {nameOf(stream.key)}
                <span className={styles.key}>{stream.key}</span>
              </th>
              <td>{classNames[stream.class]}</td>
              <td>{stream.brand}</td>
              <td>
                {stream.list_id === undefined ? (
                  <span className={rows.small}>none</span>
                ) : (
                  <span className={rows.mono}>{stream.list_id}</span>
                )}
              </td>
              <td>
                <Reviewed stream={stream} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Reviewed({ stream }: { stream: Stream }) {
  return stream.reviewed ? (
    <StateMark tone="good">Reviewed</StateMark>
  ) : (
    <StateMark tone="warn">Not reviewed</StateMark>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2, 3, 4].map((row) => (
        <Bone key={row} height={22} width={`${96 - row * 5}%`} />
      ))}
    </div>
  );
}
