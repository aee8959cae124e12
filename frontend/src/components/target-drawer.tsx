import { Button } from '@mantine/core';
import { formatExact, instant } from '../format.js';
import { onlyAdmins, refusalSentence } from '../refusals.js';
import { changeOf, definitionOf, draftOf, emptyDraft, switched } from '../target-draft.js';
import { useNewTarget, useTargetChange, useTargetRemoval, useTargetTest } from '../target-queries.js';
import { lagWords, type Target, targetState, testOutcome } from '../target-words.js';
import { AskFirst, useQuestion } from './ask-first.js';
import { Bone } from './bone.js';
import { DeadLettersList } from './dead-letters-list.js';
import styles from './form.module.css';
import { QueryBody } from './panel.js';
import { SideDrawer } from './side-drawer.js';
import { StateMark } from './state-mark.js';
import { TargetForm } from './target-form.js';
import { type FreshSecret, TargetSecret } from './target-secret.js';
import type { TargetsResult } from './targets-panel.js';
import { useNow } from './use-now.js';
import { HowLong, When } from './when.js';

interface Props {
  result: TargetsResult;
  /** `new`, or the id of a target. */
  id: string | null;
  fresh: FreshSecret | null;
  onMade: (fresh: FreshSecret) => void;
  onClose: () => void;
}

/** One target: how it keeps up, what it is, its secret, and what it did not take. */
export function TargetDrawer({ result, id, fresh, onMade, onClose }: Props) {
  const targetOf = (wanted: string) => result.data?.targets.find((target) => target.id === wanted);
  const title = (shown: string) => (shown === 'new' ? 'A new target' : (targetOf(shown)?.name ?? 'Target'));
  return (
    <SideDrawer id={id} title={title} width={580} onClose={onClose}>
      {(shown) => {
        if (shown === 'new') return <NewTarget onMade={onMade} />;
        return (
          <QueryBody name="This target" result={result} waiting={<Waiting />}>
            {() => {
              const target = targetOf(shown);
              if (target === undefined) return <Gone />;
              const secret = fresh?.id === shown ? fresh.secret : null;
              return <Content key={shown} target={target} fresh={secret} onMade={onMade} onClose={onClose} />;
            }}
          </QueryBody>
        );
      }}
    </SideDrawer>
  );
}

function NewTarget({ onMade }: { onMade: (fresh: FreshSecret) => void }) {
  const making = useNewTarget();
  return (
    <div className={styles.body}>
      <TargetForm
        first={emptyDraft}
        isNew
        error={making.error}
        pending={making.isPending}
        saved={false}
        onSave={(draft) =>
          making.mutate(definitionOf(draft), { onSuccess: ({ id, secret }) => onMade({ id, secret }) })
        }
        onEdit={making.reset}
      />
    </div>
  );
}

interface ContentProps {
  target: Target;
  fresh: string | null;
  onMade: (fresh: FreshSecret) => void;
  onClose: () => void;
}

function Content({ target, fresh, onMade, onClose }: ContentProps) {
  const change = useTargetChange(target.id);
  return (
    <div className={styles.body}>
      <Standing target={target} />
      {target.kind === 'webhook' && <TargetSecret target={target} fresh={fresh} onMade={onMade} />}
      <Test target={target} />
      <DeadLettersList target={target} />
      <section className={styles.section} aria-label="Definition">
        <h3 className={styles.heading}>What it is</h3>
        <TargetForm
          first={draftOf(target)}
          isNew={false}
          error={change.error}
          pending={change.isPending}
          saved={change.isSuccess}
          onSave={(draft) => change.mutate(changeOf(draft))}
          onEdit={change.reset}
        />
      </section>
      <Ends target={target} onClose={onClose} />
    </div>
  );
}

function Standing({ target }: { target: Target }) {
  const { summary } = target;
  const state = targetState(target, useNow());
  return (
    <section className={styles.section} aria-label="How it keeps up">
      <StateMark tone={state.tone}>{state.short}</StateMark>
      {state.sentence !== '' && <p className={styles.text}>{state.sentence}</p>}
      <dl className={styles.facts}>
        {state.since !== null && (
          <div>
            <dt>Oldest waits</dt>
            <dd>
              for <HowLong since={state.since} />, since {formatExact(instant(state.since))}
            </dd>
          </div>
        )}
        <div>
          <dt>Lag</dt>
          <dd>{lagWords(summary)}</dd>
        </div>
        <div>
          <dt>Last acknowledged</dt>
          <dd>
            {summary.last_acknowledged_at === null ? 'never' : <When at={summary.last_acknowledged_at} />}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Test({ target }: { target: Target }) {
  const test = useTargetTest(target.id);
  const outcome = test.data && testOutcome(test.data);
  return (
    <section className={styles.section} aria-label="Test">
      <div className={styles.buttons}>
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Test
        </Button>
        <span className={styles.hint}>A call that changes nothing there.</span>
      </div>
      {outcome && (
        <p role="status" className={outcome.taken ? styles.done : styles.error}>
          {outcome.words}
        </p>
      )}
      {test.isError && (
        <div role="alert" className={styles.error}>
          {refusalSentence(test.error, onlyAdmins)}
        </div>
      )}
    </section>
  );
}

/** The switch, and the end. */
function Ends({ target, onClose }: { target: Target; onClose: () => void }) {
  const { id, name, enabled } = target;
  const change = useTargetChange(id);
  const removal = useTargetRemoval(id);
  const off = useQuestion();
  const end = useQuestion();
  const error = change.error ?? removal.error;
  if (off.isOpen) {
    return (
      <AskFirst
        yes={`Switch ${name} off`}
        pending={change.isPending}
        onYes={() => change.mutate(switched(target, false), { onSettled: off.close })}
        onNo={off.close}
      >
        {name} is told nothing until it is switched on again; then it is told what was decided meanwhile.
      </AskFirst>
    );
  }
  if (end.isOpen) {
    return (
      <AskFirst
        yes={`Remove ${name}`}
        pending={removal.isPending}
        onYes={() => removal.mutate(undefined, { onSuccess: onClose, onSettled: end.close })}
        onNo={end.close}
      >
        Nothing is sent to {name} any more, and its keys are gone. What it acknowledged stays on record.
      </AskFirst>
    );
  }
  return (
    <section className={styles.section} aria-label="Switch off or remove">
      {error !== null && (
        <div role="alert" className={styles.error}>
          {refusalSentence(error, onlyAdmins)}
        </div>
      )}
      <div className={styles.buttons}>
        <Button
          size="xs"
          variant={enabled ? 'default' : 'filled'}
          loading={change.isPending}
          autoFocus={off.wasAnswered}
          onClick={() => (enabled ? off.ask() : change.mutate(switched(target, true)))}
        >
          {enabled ? 'Switch off' : 'Switch on'}
        </Button>
        <Button size="xs" variant="default" autoFocus={end.wasAnswered} onClick={end.ask}>
          Remove
        </Button>
      </div>
    </section>
  );
}

function Gone() {
  return (
    <div className={styles.body}>
      <p className={styles.text}>There is no such target any more.</p>
    </div>
  );
}

function Waiting() {
  return (
    <div className={styles.body}>
      <Bone height={20} width="40%" />
      <Bone height={90} />
      <Bone height={160} />
    </div>
  );
}
