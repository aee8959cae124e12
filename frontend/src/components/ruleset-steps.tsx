import { Button, NumberInput, TextInput } from '@mantine/core';
import type { CheckReport, Ruleset } from '@secateur/backend/contract';
import { useState } from 'react';
import { formatCount } from '../format.js';
import { refusalSentence } from '../refusals.js';
import { stepsOf } from '../rule-words.js';
import { type ReasonedStep, useCheck, useStep } from '../rules-queries.js';
import form from './form.module.css';

const names: Record<'check' | ReasonedStep, string> = {
  check: 'Check',
  approve: 'Approve',
  publish: 'Publish',
  rollback: 'Roll back',
  discard: 'Discard',
};
const forbidden: Record<'check' | ReasonedStep, string> = {
  check: 'Only editors, approvers and administrators may check rules.',
  approve: 'Only approvers and administrators may approve rules. Ask one of them.',
  publish: 'Only approvers and administrators may publish rules. Ask one of them.',
  rollback: 'Only approvers and administrators may roll rules back. Ask one of them.',
  discard: 'Only editors and administrators may discard a draft.',
};

/** What may be done next with a version; all but a check asks for a reason first. */
export function RulesetSteps({ ruleset: { id, state, number } }: { ruleset: Ruleset }) {
  const [asking, setAsking] = useState<ReasonedStep | null>(null);
  const check = useCheck(id);
  const steps = stepsOf(state);
  return (
    <>
      {steps.length > 0 && asking === null && (
        <div className={form.buttons}>
          {steps.map((step, index) => (
            <Button
              key={step}
              size="xs"
              variant={index === 0 ? 'filled' : 'default'}
              loading={step === 'check' && check.isPending}
              aria-label={`${names[step]} version ${number}`}
              onClick={() => (step === 'check' ? check.mutate() : setAsking(step))}
            >
              {names[step]}
            </Button>
          ))}
        </div>
      )}
      {asking !== null && <Reason id={id} step={asking} onEnd={() => setAsking(null)} />}
      {check.isError && (
        <p className={form.error} role="alert">
          {refusalSentence(check.error, forbidden.check)}
        </p>
      )}
      {check.isSuccess && <Report report={check.data} />}
    </>
  );
}

function Report({ report: { passed, findings, cells } }: { report: CheckReport }) {
  return (
    <div role="status">
      <p className={form.text}>
        {passed
          ? `It passed: nothing falls below the floor in ${formatCount(cells)} cells.`
          : 'It did not pass, and cannot be approved.'}
      </p>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ kind, severity, rules, detail }) => (
            <li key={`${kind} ${rules.join()}`} className={form.hint}>
              {severity === 'error' ? 'Error' : 'Warning'}: {detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A tenth: enough to see harm, and little to mend. */
const firstShare = 10;

function Reason({ id, step, onEnd }: { id: string; step: ReasonedStep; onEnd: () => void }) {
  const [why, setWhy] = useState('');
  const [percent, setPercent] = useState<number | string>(firstShare);
  const change = useStep(id);
  const share = step === 'publish' ? { percent: Number(percent) } : {};
  return (
    <form
      className={form.fields}
      aria-label={names[step]}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ step, why, ...share }, { onSuccess: onEnd });
      }}
    >
      {step === 'publish' && (
        <NumberInput
          label="Share of people, in percent"
          description="Drawn by lot; below 100 the version in force decides for the others, and the two are compared."
          min={1}
          max={100}
          allowDecimal={false}
          value={percent}
          onChange={setPercent}
          required
        />
      )}
      <TextInput
        label="Why"
        description="Stands in the version’s history."
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        maxLength={500}
        required
        data-autofocus
      />
      {change.isError && (
        <p className={form.error} role="alert">
          {refusalSentence(change.error, forbidden[step])}
        </p>
      )}
      <div className={form.buttons}>
        <Button type="submit" size="xs" loading={change.isPending}>
          {names[step]}
        </Button>
        <Button size="xs" variant="default" onClick={onEnd} disabled={change.isPending}>
          Leave it
        </Button>
      </div>
    </form>
  );
}
