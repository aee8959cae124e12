import { Button } from '@mantine/core';
import type { DeadLetter } from '@secateur/backend/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../format.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { deadLettersLength, deadLettersQuery, retryDeadLetter, targetsQuery } from '../target-queries.js';
import { retriesOutcome, retryOutcome, type Target } from '../target-words.js';
import { Bone } from './bone.js';
import styles from './dead-letters-list.module.css';
import form from './form.module.css';
import { QueryBody } from './panel.js';
import rows from './rows.module.css';
import { When } from './when.js';

/** What a target did not take in the end, to be sent again by hand. Nothing where there was none. */
export function DeadLettersList({ target }: { target: Target }) {
  const { dead } = target.summary;
  const result = useQuery({ ...deadLettersQuery(target.id), enabled: dead > 0 });
  const client = useQueryClient();
  const again = useMutation({
    // One after the other, oldest first: a receiver tells old from new, but need not be made to.
    mutationFn: async (letters: readonly DeadLetter[]) => {
      const outcomes = [];
      for (const { seq } of letters) outcomes.push(retryOutcome(await retryDeadLetter(target.id, seq)));
      return outcomes;
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: deadLettersQuery(target.id).queryKey }),
        client.invalidateQueries({ queryKey: targetsQuery.queryKey }),
      ]),
  });
  const [only] = again.data ?? [];
  const outcome =
    again.data === undefined || only === undefined
      ? null
      : again.data.length === 1
        ? only
        : retriesOutcome(again.data);
  if (dead === 0 && outcome === null) return null;
  return (
    <section className={form.section} aria-label="Dead letters">
      <h3 className={form.heading}>
        {formatCount(dead)} dead letter{dead === 1 ? '' : 's'}
      </h3>
      {dead > 0 && <p className={form.text}>{target.name} answered, and did not want these.</p>}
      {outcome && (
        <p role="status" className={outcome.taken ? form.done : form.error}>
          {outcome.words}
        </p>
      )}
      {again.isError && (
        <div role="alert" className={form.error}>
          {refusalSentence(again.error, onlyAdmins)}
        </div>
      )}
      {dead > 0 && (
        <QueryBody name="Dead letters" result={result} waiting={<Bone height={60} />}>
          {({ dead_letters: letters, next }) => (
            <>
              {letters.length > 1 && (
                <div className={form.buttons}>
                  <Button size="xs" loading={again.isPending} onClick={() => again.mutate(letters)}>
                    Send these {formatCount(letters.length)} again
                  </Button>
                </div>
              )}
              <ul>
                {letters.map((letter) => (
                  <li key={letter.seq} className={styles.letter}>
                    <div>
                      <p>
                        {letter.detail || 'no answer'} · {formatCount(letter.attempts)}{' '}
                        {letter.attempts === 1 ? 'try' : 'tries'}
                      </p>
                      <p className={rows.small}>
                        given up <When at={letter.died_at} /> ·{' '}
                        <Link to="/monitor" search={{ decision: letter.decision }}>
                          the decision
                        </Link>
                      </p>
                    </div>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Retry ${letter.seq}`}
                      disabled={again.isPending}
                      onClick={() => again.mutate([letter])}
                    >
                      Retry
                    </Button>
                  </li>
                ))}
              </ul>
              {next !== null && (
                <p className={form.hint}>The oldest {formatCount(deadLettersLength)} are shown.</p>
              )}
            </>
          )}
        </QueryBody>
      )}
    </section>
  );
}
