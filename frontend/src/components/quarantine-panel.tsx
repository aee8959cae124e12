import { Button } from '@mantine/core';
import type { QuarantineRow } from '@secateur/backend/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { formatCount, formatExact, formatTimeLeft, instant } from '../format.js';
import { codeWords, doorWords, type Outcome, replayFailure, replayOutcome } from '../quarantine-words.js';
import {
  providersQuery,
  quarantineLength,
  quarantinePath,
  quarantineQuery,
  replay,
} from '../settings-queries.js';
import { Bone } from './bone.js';
import { Explain } from './explain.js';
import { Panel, Provenance, QueryBody } from './panel.js';
import styles from './quarantine-panel.module.css';
import rows from './rows.module.css';
import { useNow } from './use-now.js';
import { When } from './when.js';

type TitleOf = (provider: string) => string | undefined;

/** What was not taken: nothing is lost, and the clock of each runs. */
export function QuarantinePanel() {
  const result = useQuery(quarantineQuery);
  const { data } = useQuery(providersQuery);
  const titleOf: TitleOf = (door) => data?.providers.find(({ provider }) => provider === door)?.title;
  const [outcomes, setOutcomes] = useState<readonly Told[]>([]);
  const tell = (told: Told) => setOutcomes((before) => [told, ...before].slice(0, mostTold));
  return (
    <Panel
      name="Quarantine"
      title={
        <>
          Quarantine
          <Explain what="Quarantine">
            Rows that could not be taken. They may hold an opt-out, so each has 48 hours in which somebody
            must have looked. What they held is sealed and not shown here. Replayed, a row goes through the
            intake once more and counts from when it first came.
          </Explain>
        </>
      }
      lead={result.data && leadWords(result.data.rows)}
      footer={<Provenance query="events/quarantine_open" path={() => quarantinePath} />}
    >
      <QueryBody name="Quarantine" result={result} waiting={<Waiting />}>
        {(answer) => (
          <>
            <Outcomes outcomes={outcomes} />
            {answer.rows.length === 0 ? (
              <p className={rows.nothing}>
                Nothing waits. What cannot be taken, or names nobody, stands here until somebody has looked.
              </p>
            ) : (
              <ul className={rows.list}>
                {answer.rows.map((row) => (
                  <Row key={row.id} row={row} titleOf={titleOf} onTold={tell} />
                ))}
              </ul>
            )}
            {answer.rows.length >= quarantineLength && (
              <p className={styles.more}>
                The {formatCount(quarantineLength)} with the nearest deadline are shown; more wait behind
                them.
              </p>
            )}
          </>
        )}
      </QueryBody>
    </Panel>
  );
}

function leadWords(waiting: readonly QuarantineRow[]): string {
  const count = waiting.length;
  if (count === 0) return 'nothing waits';
  const some =
    count >= quarantineLength
      ? `${formatCount(count)} or more rows`
      : `${formatCount(count)} row${count === 1 ? '' : 's'}`;
  return `${some}, the nearest deadline first`;
}

/** What became of a row, told after the row itself is gone. */
interface Told extends Outcome {
  id: string;
  about: string;
}

const mostTold = 3;

function Outcomes({ outcomes }: { outcomes: readonly Told[] }) {
  const box = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone with its row: the keyboard goes on from what became of it.
  useEffect(() => {
    if (outcomes.length > 0) box.current?.focus();
  }, [outcomes]);
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="status"
      className={outcomes.length === 0 ? undefined : styles.outcomes}
    >
      {outcomes.map(({ id, about, words, taken }) => (
        <p key={id} className={styles.outcome} data-refused={!taken || undefined}>
          <strong>{about}</strong> {words}
        </p>
      ))}
    </div>
  );
}

interface RowProps {
  row: QuarantineRow;
  titleOf: TitleOf;
  onTold: (told: Told) => void;
}

function Row({ row, titleOf, onTold }: RowProps) {
  const client = useQueryClient();
  const door = doorWords(row.door, titleOf);
  const again = useMutation({ mutationFn: () => replay(row.id) });
  const settle = async (outcome: Outcome) => {
    await client.invalidateQueries({ queryKey: quarantineQuery.queryKey });
    onTold({ ...outcome, id: `${row.id} ${Date.now()}`, about: `${codeWords(row.code)}, ${door}.` });
  };
  const press = () =>
    again.mutate(undefined, {
      onSuccess: (result) => settle(replayOutcome(result)),
      onError: (error) => settle(replayFailure(error)),
    });
  return (
    <li className={styles.row}>
      <div>
        <h3 className={rows.name}>{codeWords(row.code)}</h3>
        <p className={styles.detail}>{row.detail}</p>
        <p className={rows.small}>
          {door} · came <When at={row.received_at} />
          {row.field !== '' && <> · field {row.field}</>}
        </p>
      </div>
      <TimeLeft deadline={instant(row.deadline_at)} />
      <Button
        size="xs"
        variant="default"
        loading={again.isPending}
        aria-label={`Replay: ${codeWords(row.code)}, ${door}`}
        onClick={press}
      >
        Replay
      </Button>
    </li>
  );
}

function TimeLeft({ deadline }: { deadline: number }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(deadline).toISOString()}
      title={formatExact(deadline)}
      className={styles.left}
      data-overdue={now > deadline || undefined}
    >
      {formatTimeLeft(deadline, now)}
    </time>
  );
}

function Waiting() {
  return (
    <div className={rows.waiting}>
      {[0, 1, 2, 3].map((row) => (
        <Bone key={row} height={44} width={`${97 - row * 5}%`} />
      ))}
    </div>
  );
}
