import type { Overview, Rate, TimeToHonour } from '@secateur/backend/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { changeBetween, isUncertain } from '../charts/prepare/change.js';
import { formatCount, formatInterval, formatRate } from '../format.js';
import { Bone } from './bone.js';
import { ChangeText } from './change-text.js';
import { HonourTile } from './honour-tile.js';
import { Provenance, QueryBody } from './panel.js';
import { Tile } from './tile.js';
import styles from './tiles.module.css';

interface Props {
  result: UseQueryResult<Overview>;
  honour: UseQueryResult<TimeToHonour>;
  /** `7 days` */
  period: string;
  path: () => string;
}

export function Tiles({ result, honour, period, path }: Props) {
  return (
    <section className={styles.strip} aria-label="Key figures">
      <QueryBody name="Key figures" result={result} waiting={<Waiting />}>
        {(overview) => <Figures overview={overview} honour={honour} period={period} />}
      </QueryBody>
      <Provenance query={queriesOf(result.data, honour.data)} asOf={result.data?.as_of} path={path} />
    </section>
  );
}

function queriesOf(overview: Overview | undefined, honour: TimeToHonour | undefined): string | undefined {
  if (overview === undefined || honour === undefined || honour.targets.length === 0) return overview?.query;
  return `${overview.query}, ${honour.query}`;
}

function Figures({ overview, honour, period }: Pick<Props, 'honour' | 'period'> & { overview: Overview }) {
  const optOuts = overview.opt_out_rate.numerator;
  const keptBefore = overview.previous_permissions_kept;
  return (
    <div className={styles.tiles}>
      <Tile
        name="Reach"
        explain="Open subscriptions now: pairs of a subscriber and a stream that may be sent to. A stream counts once it was delivered or opted in to, until an opt-out, complaint, hard bounce, erasure or expired consent ends it."
        value={formatCount(overview.reach.value)}
        middle={
          <span className={styles.soft}>
            open {overview.reach.value === 1 ? 'subscription' : 'subscriptions'}
          </span>
        }
        foot={`of ${counted(overview.reach.subscribers, 'subscriber')}`}
        aside={`on ${counted(overview.reach.streams, 'stream')}`}
      />
      <RateTile
        name="Opt-out rate"
        explain="Opt-outs that belong to a delivery, divided by messages delivered, in the hour of the delivery. Each belongs to at most one: the message it answers, else the last one on its stream within 7 days; so a figure may still rise for 7 days. Complaints are not in it, nor unattributed requests, which belong to no delivery."
        rate={overview.opt_out_rate}
        before={overview.previous_opt_out_rate}
        period={period}
        foot={`${formatCount(optOuts)} of ${formatCount(overview.opt_out_rate.denominator)} delivered`}
        aside={`+ ${formatCount(overview.unattributed_opt_outs)} unattributed`}
      />
      <RateTile
        name="Complaint rate"
        explain="Spam complaints that belong to a delivery, divided by messages delivered. Gmail and Yahoo ask senders to stay below 0.10% and never to reach 0.30%."
        rate={overview.complaint_rate}
        before={overview.previous_complaint_rate}
        period={period}
        foot={`${formatCount(overview.complaint_rate.numerator)} of ${formatCount(overview.complaint_rate.denominator)} delivered`}
      />
      <RateTile
        name="Unsolicited share"
        explain="The part of all opt-outs, complaints and erasures that no link of yours invited: complaints, suppressions learned from a provider, free text, agents and regulators, privacy signals, objections, erasures, and any opt-out more than 72 hours after the last delivery on its channel."
        rate={overview.unsolicited}
        nothing="nobody asked to stop"
        foot={`${formatCount(overview.unsolicited.numerator)} of ${counted(overview.unsolicited.denominator, 'request')}`}
      />
      <Tile
        name="Kept by scoping"
        explain="Permissions kept because only what had to stop was stopped: the streams that a channel-wide opt-out would have closed, minus the streams that were closed."
        value={formatCount(overview.permissions_kept)}
        middle={
          <span className={styles.soft}>
            {formatCount(keptBefore)} in the {period} before
          </span>
        }
        foot="permissions still standing"
      />
      <HonourTile overview={overview} honour={honour} />
    </div>
  );
}

interface RateTileProps {
  name: string;
  explain: string;
  rate: Rate;
  before?: Rate;
  period?: string;
  foot: string;
  aside?: string;
  /** Said in place of the interval when the denominator is 0. */
  nothing?: string;
}

function RateTile({
  name,
  explain,
  rate,
  before,
  period,
  foot,
  aside,
  nothing = 'nothing delivered',
}: RateTileProps) {
  const change = before && changeBetween(rate, before);
  return (
    <Tile
      name={name}
      explain={explain}
      value={formatRate(rate.value)}
      uncertain={isUncertain(rate)}
      middle={
        <>
          <span className={styles.interval} title="95% Wilson interval">
            {rate.value === null ? nothing : formatInterval(rate.lower, rate.upper)}
            {rate.value !== null && isUncertain(rate) && <span className={styles.few}>few cases</span>}
          </span>
          {change !== undefined && (
            <span className={styles.change}>
              <ChangeText change={change} />
              {change !== null && change.verdict !== 'unclear' && <span> vs {period} before</span>}
            </span>
          )}
        </>
      }
      foot={foot}
      aside={aside}
    />
  );
}

function Waiting() {
  return (
    <div className={styles.tiles}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <div key={key} className={styles.tile}>
          <Bone width={90} height={13} />
          <Bone width={120} height={28} />
          <Bone width={140} height={12} />
          <Bone width={110} height={12} />
        </div>
      ))}
    </div>
  );
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
