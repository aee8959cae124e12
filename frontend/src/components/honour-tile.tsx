import type { Overview, TimeToHonour } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatClock, formatCount, formatDuration } from '../format.js';
import { honourWords } from '../honour.js';
import { Bone } from './bone.js';
import { Tile } from './tile.js';
import styles from './tiles.module.css';
import { useNow } from './use-now.js';

interface Props {
  overview: Overview;
  honour: UseQueryResult<TimeToHonour>;
}

const here =
  '99 of 100 requests took effect within this time, from receipt to the decision that every later send check obeys.';
const everywhere =
  '99 of 100 requests were honoured within this time, from receipt to the acknowledgement of the last target that had to be told. What still waits or was given up is not in it, and is counted below.';

/** How long a request takes to be honoured: here, and where others have to be told, by the last of them. */
export function HonourTile({ overview, honour }: Props) {
  const now = useNow();
  const { data, error } = honour;
  if (data === undefined && error !== null) {
    return (
      <Tile
        name="Time to honour"
        explain={everywhere}
        value="–"
        middle={
          <span role="alert" className={styles.failed}>
            Word back could not be loaded: {error.message}{' '}
            <button type="button" onClick={() => void honour.refetch()} disabled={honour.isFetching}>
              Retry
            </button>
          </span>
        }
        foot={`decided in ${formatDuration(overview.time_to_honour_p99_ms)}`}
      />
    );
  }
  if (data === undefined) {
    return (
      <Tile name="Time to honour" explain={everywhere} value={<Bone width={110} height={28} />} foot="" />
    );
  }
  if (data.targets.length === 0) return <Here overview={overview} />;
  const { foot, owed, isLate } = honourWords(data, now);
  return (
    <Tile
      name="Time to honour"
      explain={everywhere}
      value={formatDuration(data.p99_ms)}
      middle={
        <>
          <span className={styles.soft}>99th percentile, all targets</span>
          {error === null ? (
            <span className={styles.soft}>decided in {formatDuration(overview.time_to_honour_p99_ms)}</span>
          ) : (
            <span role="alert" className={styles.failed}>
              not refreshed since {formatClock(honour.dataUpdatedAt)}
            </span>
          )}
        </>
      }
      foot={foot}
      aside={
        owed === '' ? undefined : (
          <Link to="/settings/word-back" className={styles.owed} data-late={isLate || undefined}>
            {owed}
          </Link>
        )
      }
    />
  );
}

/** Nobody has to be told: the decision is the effect. */
function Here({ overview: { time_to_honour_p99_ms: most, unsolicited } }: { overview: Overview }) {
  const requests = unsolicited.denominator;
  return (
    <Tile
      name="Time to honour"
      explain={here}
      value={formatDuration(most)}
      middle={<span className={styles.soft}>99th percentile</span>}
      foot={
        most === null
          ? 'nothing was decided'
          : `of ${formatCount(requests)} request${requests === 1 ? '' : 's'}`
      }
    />
  );
}
