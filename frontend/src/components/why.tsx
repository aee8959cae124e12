import type { DecisionView } from '@secateur/backend/contract';
import { factLines } from '../facts.js';
import { formatCount, formatExact, instant } from '../format.js';
import {
  askedWords,
  channelNames,
  type NameOfStream,
  outcomeSentence,
  readable,
  requestWords,
  segmentTitle,
  wideningWords,
} from '../plain-words.js';
import { CopyButton } from './copy-button.js';
import { CutIcon, KeptIcon, LinkIcon, PauseIcon } from './icons.js';
import { Receipts } from './receipts.js';
import { useStreamNames } from './use-stream-names.js';
import { When } from './when.js';
import styles from './why.module.css';
import { Steps } from './why-steps.js';

interface Named {
  decision: DecisionView;
  nameOf: NameOfStream;
}

/** One decision from what was asked to what became of it: plain words first, the record itself last. */
export function Why({ decision }: { decision: DecisionView }) {
  const nameOf = useStreamNames();
  return (
    <article className={styles.why}>
      <header>
        <h2 className={styles.headline}>{outcomeSentence(decision, nameOf)}</h2>
        <p className={styles.byline}>
          {requestWords(decision)} · <When at={decision.received_at} /> ·{' '}
          {formatExact(instant(decision.received_at))}
        </p>
        <p className={styles.tools}>
          <CopyButton text={() => window.location.href} icon={<LinkIcon size={14} />}>
            Copy link
          </CopyButton>
        </p>
        {decision.voided && (
          <p className={styles.note}>This decision was taken back. What it had stopped goes on again.</p>
        )}
        {decision.widened_for.map((want) => (
          <p key={want} className={styles.note}>
            <strong>Wider than needed: {wideningWords(want).short}.</strong> {wideningWords(want).advice}
          </p>
        ))}
      </header>
      <Streams decision={decision} nameOf={nameOf} />
      <Steps decision={decision} asked={askedWords(decision, nameOf)} />
      <Receipts decision={decision.id} />
      <Delivery decision={decision} />
      <Facts decision={decision} nameOf={nameOf} />
      <Disclosure title="The record as JSON">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <pre className={styles.json} tabIndex={0}>
          {JSON.stringify(decision, null, 2)}
        </pre>
      </Disclosure>
    </article>
  );
}

function Streams({ decision, nameOf }: Named) {
  const hold = decision.type === 'bounced' || decision.type === 'paused';
  const { streams_stopped: stopped, streams_kept: kept, kept_by_scoping: saved } = decision;
  return (
    <section className={styles.sides} aria-label="What stopped and what goes on">
      <div className={styles.side} data-side="stopped">
        <h3>
          {hold ? <PauseIcon size={14} /> : <CutIcon size={14} />} {hold ? 'On hold' : 'Stopped'}{' '}
          <span>{formatCount(stopped.length)}</span>
        </h3>
        <StreamList nameOf={nameOf} streams={stopped} none="Nothing that was open." />
      </div>
      <div className={styles.side} data-side="kept">
        <h3>
          <KeptIcon size={14} /> Goes on <span>{formatCount(kept.length)}</span>
        </h3>
        <StreamList nameOf={nameOf} streams={kept} none="Nothing else was open." />
        {saved > 0 && (
          <p className={styles.saved}>A channel-wide opt-out would have closed {formatCount(saved)} more.</p>
        )}
      </div>
    </section>
  );
}

interface StreamListProps {
  streams: readonly string[];
  none: string;
  nameOf: NameOfStream;
}

function StreamList({ streams, none, nameOf }: StreamListProps) {
  if (streams.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    <ul>
      {streams.map((stream) => (
        <li key={stream} title={stream}>
          {nameOf(stream)}
        </li>
      ))}
    </ul>
  );
}

/** Opt-outs and complaints answer a delivery; where none is found they count beside the rates. */
function Delivery({ decision }: { decision: DecisionView }) {
  const { attributed, type } = decision;
  if (attributed === null && type !== 'opted_out' && type !== 'complained') return null;
  return (
    <section aria-label="The delivery it answers">
      <h3 className={styles.section}>The delivery it answers</h3>
      {attributed === null ? (
        <p className={styles.plain}>
          None: no message was named and none went out on this stream within 7 days, or an earlier request
          answers it. It is counted as unattributed, beside the rates.
        </p>
      ) : (
        <dl className={styles.facts}>
          <Fact name="Campaign">{attributed.campaign || '–'}</Fact>
          <Fact name="Message">{attributed.message_id || '–'}</Fact>
          <Fact name="Delivered">{formatExact(instant(attributed.delivered_at))}</Fact>
          <Fact name="Segments then">{attributed.segments.map(segmentTitle).join(', ') || 'none'}</Fact>
        </dl>
      )}
    </section>
  );
}

function Facts({ decision, nameOf }: Named) {
  return (
    <section aria-label="Facts">
      <h3 className={styles.section}>What was known</h3>
      <dl className={styles.facts}>
        {decision.subscriber !== null && <Fact name="Subscriber">{decision.subscriber}</Fact>}
        <Fact name="Channel">{channelNames[decision.channel]}</Fact>
        {decision.stream !== '' && <Fact name="Stream">{nameOf(decision.stream)}</Fact>}
        {decision.reason !== '' && <Fact name="Reason given">{readable(decision.reason)}</Fact>}
        <Fact name="Unsolicited">{decision.unsolicited ? 'yes: no link of yours invited it' : 'no'}</Fact>
        <Fact name="Happened">{formatExact(instant(decision.occurred_at))}</Fact>
        {decision.flags.length > 0 && <Fact name="Flags">{decision.flags.map(readable).join(', ')}</Fact>}
        {factLines(decision.facts, nameOf).map(({ name, lines }) => (
          <Fact key={name} name={name}>
            {lines.map((line) => (
              <span key={line} className={styles.line}>
                {line}
              </span>
            ))}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Disclosure({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className={styles.details}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
