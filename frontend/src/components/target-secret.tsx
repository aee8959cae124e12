import { Button } from '@mantine/core';
import { formatExact, instant } from '../format.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { useRotation } from '../target-queries.js';
import type { Target } from '../target-words.js';
import { AskFirst, useQuestion } from './ask-first.js';
import { CopyField } from './copy-field.js';
import styles from './form.module.css';

/** A signing secret as it was just made, and whose it is. */
export interface FreshSecret {
  id: string;
  /** null for kinds that sign nothing. */
  secret: string | null;
}

interface Props {
  target: Target;
  /** Where it was just made. */
  fresh: string | null;
  onMade: (fresh: FreshSecret) => void;
}

/** A webhook's secret: shown once, and replaced without a gap. */
export function TargetSecret({ target, fresh, onMade }: Props) {
  const { id, name, old_secret_until: oldUntil } = target;
  const rotation = useRotation(id);
  const question = useQuestion();
  const rotate = () =>
    rotation.mutate(undefined, {
      onSuccess: ({ secret }) => onMade({ id, secret }),
      onSettled: question.close,
    });
  return (
    <section className={styles.section} aria-label="Signing secret">
      <h3 className={styles.heading}>Signing secret</h3>
      {fresh === null ? (
        <p className={styles.text}>
          Every call is signed as Standard Webhooks describes, so that {name} can tell it from others. The
          secret was shown once and is not shown again.
        </p>
      ) : (
        <div className={styles.once}>
          <p role="status" className={styles.text}>
            <strong>Copy it now.</strong> It is shown this once. {name} verifies every call with it, as
            Standard Webhooks describes.
          </p>
          <CopyField label={`Signing secret of ${name}`} value={fresh} />
        </div>
      )}
      {oldUntil !== null && (
        <p className={styles.hint}>
          The secret before signs beside it until {formatExact(instant(oldUntil))}.
        </p>
      )}
      {rotation.isError && (
        <div role="alert" className={styles.error}>
          {refusalSentence(rotation.error, onlyAdmins)}
        </div>
      )}
      {question.isOpen ? (
        <AskFirst yes="Make a new secret" pending={rotation.isPending} onYes={rotate} onNo={question.close}>
          Both secrets sign for 24 hours. Give {name} the new one in that time.
        </AskFirst>
      ) : (
        <div className={styles.buttons}>
          <Button size="xs" variant="default" autoFocus={question.wasAnswered} onClick={question.ask}>
            Replace the secret
          </Button>
        </div>
      )}
    </section>
  );
}
